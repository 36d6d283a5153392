// One table of operations for the tests of derivatives.
#pragma once

#include <ostream>
#include <string>
#include <vector>

namespace dlc::ir::test {

/// A function `@f` in f64 whose results depend on its arguments through one operation.
struct OperationCase {
  std::string operation; // "dl.reduce"
  std::string name;      // what is special
  std::string text;
  double low = -1, high = 1; // arguments are drawn from here
};

inline void PrintTo(const OperationCase &operation, std::ostream *os) { *os << operation.operation << ' ' << operation.name; }

/// `reduce_sum_of_all`: of letters, digits and underscores.
std::string nameOf(const OperationCase &operation);

/// Every operation with a derivative, every function of the families, and the attributes that change the rule.
std::vector<OperationCase> operationCases();

} // namespace dlc::ir::test
