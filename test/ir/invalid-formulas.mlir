// RUN: %dlc-opt %s --split-input-file --verify-diagnostics

dl.func @f(%x: tensor<4xf32>) -> (tensor<4xf32>) formulas {
  // expected-error @+1 {{use of undeclared value `%z`}}
  return %z
}

// -----
dl.func @f(%x: tensor<4xf32>) -> (tensor<4xf32>) formulas {
  // expected-error @+1 {{expected an operation, found the name of a value}}
  %y = %x
  return %y
}

// -----
dl.func @f(%x: tensor<4xf32>) -> (tensor<4xf32>) formulas {
  // expected-error @+1 {{redefinition of `%x`}}
  %x = exp(%x)
  return %x
}

// -----
dl.func @f(%x: tensor<4xf32>) -> (tensor<4xf32>) formulas {
  // expected-error @+1 {{`blur` is no operation of a formula}}
  return blur(%x)
}

// -----
dl.func @f(%x: tensor<4xf32>) -> (tensor<4xf32>) formulas {
  // expected-error @+1 {{`cond` is no operation of a formula}}
  return cond(%x)
}

// -----
dl.func @f(%x: tensor<4xf32>) -> (tensor<f32>) formulas {
  // expected-error @+1 {{`reduce` has no function `mean`}}
  return reduce.mean<axes [0]>(%x)
}

// -----
dl.func @f(%x: tensor<4xf32>) -> (tensor<f32>) formulas {
  // expected-error @+1 {{`dl.reduce` needs `axes`}}
  return reduce.sum(%x)
}

// -----
dl.func @f(%x: tensor<4xf32>) -> (tensor<f32>) formulas {
  // expected-error @+1 {{`axes` is given twice}}
  return reduce.sum<axes [0], axes [0]>(%x)
}

// -----
dl.func @f(%x: tensor<4xf32>) -> (tensor<f32>) formulas {
  // expected-error @+2 {{reduce_c1}}
  // expected-error @+1 {{the type of the result of `dl.reduce` does not follow from its operands}}
  return reduce.sum<axes [7]>(%x)
}

// -----
dl.func @f(%x: tensor<4xf32>) -> (tensor<4xf32>) formulas {
  // expected-error @+1 {{`dl.unary` takes 1 operands, found 2}}
  return exp(%x, %x)
}

// -----
dl.func @f(%x: tensor<4xf32>) -> (tensor<4xf32>) formulas {
  // expected-error @+1 {{expected the type of the result of `dl.cast`}}
  return cast(%x)
}

// -----
dl.func @f(%x: tensor<4xf32>) -> (tensor<4xf32>) formulas {
  // expected-error @+1 {{expected tensors with a size for each axis, found}}
  return cast(%x) : i32
}

// -----
dl.func @f(%x: tensor<4xf32>, %z: tensor<5xf32>) -> (tensor<4xf32>) formulas {
  // expected-error @+1 {{expected operands of one type, or one that repeats along the other's axes, found 'tensor<4xf32>' and 'tensor<5xf32>'}}
  return %x + %z
}

// -----
dl.func @f(%x: tensor<4xui8>) -> (tensor<4xui8>) formulas {
  // expected-error @+1 {{expected a number of type 'ui8'}}
  return %x + 256
}

// -----
dl.func @f(%x: tensor<4xf32>) -> (tensor<4xf32>) formulas {
  // expected-error @+1 {{expected a number of type 'f32'}}
  return %x + 1
}

// -----
dl.func @f(%x: tensor<4xf32>) -> (tensor<5xf32>) formulas {
  // expected-error @+1 {{expected the results ('tensor<5xf32>') of the function, found ('tensor<4xf32>')}}
  return exp(%x)
}

// -----
dl.func @f(%x: tensor<4xf32>) -> (tensor<4xf32>) formulas {
  // expected-error @+1 {{expected a name for 2 results, found one for 1}}
  %y = sort<axis 0>(%x) : (tensor<4xf32>, tensor<4xi64>)
  return %y
}

// -----
dl.func @f(%x: tensor<4xf32>) -> (tensor<4xf32>) formulas {
  %y:2 = sort<axis 0>(%x) : (tensor<4xf32>, tensor<4xi64>)
  // expected-error @+1 {{`%y` has 2 values, found number 2}}
  return %y#2
}

// -----
dl.func @f(%x: tensor<4xf32>) -> (tensor<4xf32>) formulas {
  // expected-error @+1 {{expected a name for the result of `exp`}}
  exp(%x)
  return %x
}

// -----
dl.func @f(%c: tensor<i1>) -> (tensor<4xf32>) formulas {
  // expected-error @+1 {{`check` has no result}}
  return exp(check<message = "no">(%c))
}

// -----
// expected-error @+1 {{`dl.formulas`}}
"dl.func"() <{function_type = () -> (), sym_name = "f"}> ({
  dl.return
}) {dl.formulas = "red"} : () -> ()

// -----
// expected-error @+1 {{expected tensors with a size for each axis, found 'i32'}}
dl.func @f(%x: i32) formulas {
  return
}

// -----
dl.func @f(%x: tensor<f32>) -> tensor<f32> formulas {
  // expected-error @+1 {{unknown attribute `nonsense` in dialect `dl`}}
  %y = f32(size<#dl.nonsense<batch>>())
  return %y
}
