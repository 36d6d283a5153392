# Sources of matrix products and convolutions.
set(DLC_PRODUCT_SOURCES
  cpu/product/MicroKernel.cpp
  cpu/product/Pack.cpp
  cpu/product/Product.cpp)
