// Messages with values in them.
#include "ir/eval/Evaluator.h"

#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

#include <charconv>
#include <cmath>

using namespace mlir;

namespace dlc::ir::eval {
namespace {

void printElement(llvm::raw_ostream &os, const Tensor &tensor, int64_t index, int digits) {
  if (tensor.elementType().isInteger(1)) {
    os << (tensor.getInt(index) ? "true" : "false");
    return;
  }
  if (tensor.elementType().isInteger()) {
    os << tensor.getInt(index);
    return;
  }
  double value = tensor.getDouble(index);
  if (digits >= 0) {
    os << llvm::format("%.*f", digits, value);
    return;
  }
  // The shortest text that reads back as the same number of the element type.
  char buffer[40];
  std::to_chars_result end = tensor.elementType().isF64()
                                 ? std::to_chars(buffer, buffer + sizeof(buffer), value)
                                 : std::to_chars(buffer, buffer + sizeof(buffer), static_cast<float>(value));
  os << llvm::StringRef(buffer, end.ptr - buffer);
}

/// Prints the elements from `index` on of the axes from `axis` on, and moves `index` behind them.
void printAxes(llvm::raw_ostream &os, const Tensor &tensor, int64_t axis, int64_t &index, int digits) {
  if (axis == tensor.rank())
    return printElement(os, tensor, index++, digits);
  os << '[';
  for (int64_t i = 0; i < tensor.shape()[axis]; ++i) {
    if (i)
      os << ", ";
    printAxes(os, tensor, axis + 1, index, digits);
  }
  os << ']';
}

} // namespace

std::string formatTensor(const Tensor &tensor, int digits) {
  std::string text;
  llvm::raw_string_ostream os(text);
  int64_t index = 0;
  printAxes(os, tensor, 0, index, digits);
  return text;
}

std::string formatMessage(llvm::StringRef text, ArrayRef<Tensor> operands) {
  std::string result;
  while (!text.empty()) {
    if (text.consume_front("{{")) {
      result += '{';
      continue;
    }
    if (text.consume_front("}}")) {
      result += '}';
      continue;
    }
    llvm::StringRef rest = text;
    unsigned long long operand, digits;
    bool precise = false;
    if (rest.consume_front("{") && !rest.consumeInteger(10, operand)) {
      if (rest.consume_front(":."))
        precise = !rest.consumeInteger(10, digits);
      if (rest.consume_front("}") && operand < operands.size()) {
        result += formatTensor(operands[operand], precise ? static_cast<int>(std::min(digits, 60ull)) : -1);
        text = rest;
        continue;
      }
    }
    result += text.front();
    text = text.drop_front();
  }
  return result;
}

} // namespace dlc::ir::eval
