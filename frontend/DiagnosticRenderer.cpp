// How diagnostics look:
//
//   model.dl:3:14: error: unknown name `maen`
//     |
//   3 | let middle = maen(x)
//     |              ^^^^
//   help: did you mean `mean`?
#include "frontend/Diagnostics.h"

#include "llvm/ADT/Twine.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/Unicode.h"

#include <algorithm>
#include <map>

namespace dlc::frontend {
namespace {

constexpr unsigned tabWidth = 4;
/// A longer line is cut to this around what is underlined.
constexpr unsigned maxLineWidth = 160;

/// A line as a terminal shows it: where each byte's column is, and the text with tabs and unprintable bytes replaced.
class DisplayLine {
public:
  explicit DisplayLine(llvm::StringRef line) {
    size_t at = 0;
    while (at < line.size()) {
      size_t size = 1;
      std::string shown = cell(line, at, size);
      unsigned width = shown == "\t" ? tabWidth : std::max(0, llvm::sys::unicode::columnWidthUTF8(shown));
      if (shown == "\t")
        shown.assign(tabWidth, ' ');
      for (size_t i = 0; i < size; ++i)
        columns_.push_back(width_);
      cells_.push_back({std::move(shown), width_});
      width_ += width;
      at += size;
    }
    columns_.push_back(width_);
  }

  unsigned column(size_t byte) const { return columns_[std::min(byte, columns_.size() - 1)]; }
  unsigned width() const { return width_; }
  /// The part between two columns.
  std::string text(unsigned from, unsigned to) const {
    std::string result;
    for (const auto &[shown, column] : cells_)
      if (column >= from && column < to)
        result += shown;
    return result;
  }

private:
  static std::string cell(llvm::StringRef line, size_t at, size_t &size) {
    unsigned char c = line[at];
    if (c == '\t')
      return "\t";
    if (c >= 0x20 && c < 0x7F)
      return std::string(1, c);
    const auto *begin = reinterpret_cast<const llvm::UTF8 *>(line.data()) + at;
    size_t length = llvm::getNumBytesForUTF8(c);
    if (c >= 0x80 && at + length <= line.size() && llvm::isLegalUTF8Sequence(begin, begin + length)) {
      std::string shown = line.substr(at, length).str();
      if (llvm::sys::unicode::columnWidthUTF8(shown) >= 0) {
        size = length;
        return shown;
      }
      size = length;
    }
    return "\xEF\xBF\xBD";
  }

  struct Cell {
    std::string shown;
    unsigned column;
  };
  std::vector<Cell> cells_;
  std::vector<unsigned> columns_;
  unsigned width_ = 0;
};

struct Mark {
  SourceRange range;
  llvm::StringRef text;
  bool primary;
};

class Renderer {
public:
  Renderer(const SourceManager &sources, llvm::raw_ostream &out, bool colors)
      : sources_(sources), out_(out), colors_(colors) {}

  void diagnostic(const Diagnostic &d) {
    bool error = d.isError();
    heading(d.range, error ? "error" : "warning",
            error ? llvm::raw_ostream::RED : llvm::raw_ostream::MAGENTA, d.message);
    std::vector<Mark> marks = {{d.range, d.primaryLabel, true}};
    for (const DiagnosticPart &label : d.labels)
      if (label.range.file == d.range.file)
        marks.push_back({label.range, label.text, false});
    if (d.range.isValid())
      snippet(marks);
    for (const DiagnosticPart &label : d.labels)
      if (label.range.file != d.range.file)
        note(label);
    for (const DiagnosticPart &part : d.notes)
      note(part);
    if (d.count > 1)
      note({{}, fmt::format("and in {} more place{}", d.count - 1, d.count == 2 ? "" : "s")});
    for (const std::string &help : d.helps)
      heading({}, "help", llvm::raw_ostream::GREEN, help);
  }

private:
  void note(const DiagnosticPart &part) {
    heading(part.range, "note", llvm::raw_ostream::CYAN, part.text);
    if (part.range.isValid())
      snippet({{part.range, "", true}});
  }

  void color(llvm::raw_ostream::Colors c, bool bold = true) {
    if (colors_)
      out_.changeColor(c, bold);
  }
  void reset() {
    if (colors_)
      out_.resetColor();
  }

  void heading(SourceRange range, llvm::StringRef what, llvm::raw_ostream::Colors c,
               llvm::StringRef message) {
    if (range.isValid()) {
      LineColumn at = sources_.begin(range);
      color(llvm::raw_ostream::SAVEDCOLOR);
      out_ << sources_.file(range.file).path() << ':' << at.line << ':' << at.column << ": ";
      reset();
    }
    color(c);
    out_ << what << ": ";
    reset();
    if (what == "error" || what == "warning")
      color(llvm::raw_ostream::SAVEDCOLOR);
    out_ << message << '\n';
    reset();
  }

  void gutter(unsigned width, unsigned line) {
    color(llvm::raw_ostream::BLUE);
    std::string number = line ? std::to_string(line) : "";
    out_.indent(width - number.size() + 1) << number << " |";
    reset();
  }

  /// The lines that the marks of one file are in, each once, with what is under it.
  void snippet(std::vector<Mark> marks) {
    const SourceFile &file = sources_.file(marks.front().range.file);
    std::map<unsigned, std::vector<Mark>> byLine;
    for (const Mark &mark : marks)
      byLine[file.lineColumn(mark.range.begin).line].push_back(mark);
    unsigned width = std::to_string(byLine.rbegin()->first).size();
    gutter(width, 0);
    out_ << '\n';
    unsigned before = 0;
    for (auto &[line, marksOfLine] : byLine) {
      if (before && line > before + 1) {
        color(llvm::raw_ostream::BLUE);
        out_.indent(width - 1) << "...\n";
        reset();
      }
      before = line;
      lineWithMarks(file, line, marksOfLine, width);
    }
  }

  struct Placed {
    unsigned from, to;
    const Mark *mark;
  };

  void lineWithMarks(const SourceFile &file, unsigned line, const std::vector<Mark> &marks,
                     unsigned gutterWidth) {
    llvm::StringRef text = file.line(line);
    uint32_t begin = file.lineBegin(line);
    if (line == 1 && text.consume_front("\xEF\xBB\xBF"))
      begin += 3;
    DisplayLine shown(text);
    std::vector<Placed> places;
    for (const Mark &mark : marks) {
      unsigned from = shown.column(mark.range.begin - std::min(begin, mark.range.begin));
      unsigned to = shown.column(std::min<size_t>(mark.range.end - std::min(begin, mark.range.end), text.size()));
      places.push_back({from, std::max(to, from + 1), &mark});
    }
    std::stable_sort(places.begin(), places.end(),
                     [](const Placed &a, const Placed &b) { return a.from > b.from; });
    unsigned first = 0, last = shown.width();
    if (last > maxLineWidth) {
      unsigned wanted = places.back().from;
      first = wanted > maxLineWidth / 3 ? wanted - maxLineWidth / 3 : 0;
      last = std::min(last, first + maxLineWidth);
    }
    gutter(gutterWidth, line);
    out_ << (text.empty() ? "" : " ") << (first ? "…" : "") << shown.text(first, last)
         << (last < shown.width() ? "…" : "") << '\n';
    marksUnder(places, first, last + 1, gutterWidth, first ? 1 : 0);
  }

  /// `places` from right to left: one row with all underlines and the rightmost text, then the other texts.
  void marksUnder(const std::vector<Placed> &places, unsigned first, unsigned last,
                  unsigned gutterWidth, unsigned shift) {
    unsigned end = 0;
    for (const Placed &place : places)
      end = std::max(end, std::min(place.to, last));
    std::string row(end > first ? end - first : 0, ' ');
    for (bool primary : {false, true})
      for (const Placed &place : places)
        if (place.mark->primary == primary)
          for (unsigned c = std::max(place.from, first); c < std::min(place.to, last); ++c)
            row[c - first] = primary ? '^' : '-';
    gutter(gutterWidth, 0);
    out_.indent(1 + shift);
    for (char c : row) {
      color(c == '^' ? llvm::raw_ostream::RED : llvm::raw_ostream::BLUE);
      out_ << c;
    }
    const Placed &rightmost = places.front();
    bool inline_ = std::min(rightmost.to, last) == end;
    if (inline_ && !rightmost.mark->text.empty())
      out_ << ' ' << rightmost.mark->text;
    reset();
    out_ << '\n';
    for (size_t i = inline_ ? 1 : 0; i < places.size(); ++i) {
      const Placed &place = places[i];
      if (place.mark->text.empty())
        continue;
      gutter(gutterWidth, 0);
      out_.indent(1 + shift + (place.from > first ? place.from - first : 0));
      color(place.mark->primary ? llvm::raw_ostream::RED : llvm::raw_ostream::BLUE);
      out_ << place.mark->text;
      reset();
      out_ << '\n';
    }
  }

  const SourceManager &sources_;
  llvm::raw_ostream &out_;
  bool colors_;
};

} // namespace

void DiagnosticEngine::render(llvm::raw_ostream &out, RenderOptions options) const {
  if (options.colors)
    out.enable_colors(true);
  Renderer renderer(sources_, out, options.colors);
  unsigned errors = 0, warnings = 0, moreErrors = 0, moreWarnings = 0;
  for (const Diagnostic *diagnostic : sorted()) {
    unsigned &count = diagnostic->isError() ? errors : warnings;
    if (count == options.limit) {
      ++(diagnostic->isError() ? moreErrors : moreWarnings);
      continue;
    }
    ++count;
    renderer.diagnostic(*diagnostic);
    out << '\n';
  }
  auto amount = [](unsigned n, llvm::StringRef what) {
    return (llvm::Twine(n) + " " + what + (n == 1 ? "" : "s")).str();
  };
  if (moreErrors)
    out << "and " << amount(moreErrors, "more error") << "\n";
  if (moreWarnings)
    out << "and " << amount(moreWarnings, "more warning") << "\n";
  errors += moreErrors;
  warnings += moreWarnings;
  if (errors && warnings)
    out << amount(errors, "error") << ", " << amount(warnings, "warning") << '\n';
  else if (errors || warnings)
    out << (errors ? amount(errors, "error") : amount(warnings, "warning")) << '\n';
}

} // namespace dlc::frontend
