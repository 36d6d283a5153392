# Sources of dlc_ir outside of eval/ and vjp/.
set(DLC_IR_SOURCES
  SizeExpr.cpp SizeAtoms.cpp SizeText.cpp Types.cpp ShapeInference.cpp Names.cpp)
