# Sources of dlc_ir outside of eval/ and vjp/.
set(DLC_IR_SOURCES
  Ops.cpp Assembly.cpp Attributes.cpp Compute.cpp Control.cpp Cost.cpp Dialect.cpp Elementwise.cpp Condensed.cpp Folds.cpp FormulaParse.cpp FormulaPrint.cpp FormulaRules.cpp Formulas.cpp Indexing.cpp Names.cpp
  Program.cpp ShapeInference.cpp ShapeOps.cpp SizeAtoms.cpp SizeExpr.cpp SizeText.cpp Structure.cpp Types.cpp)
