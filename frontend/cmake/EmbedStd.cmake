# Writes the texts of the standard library and the index of the names that they declare as a C++ file.
# cmake -DFOLDER=frontend/std -DOUT=Embedded.cpp -P EmbedStd.cmake
file(GLOB files ${FOLDER}/*.dl)
list(SORT files)
set(texts "")
set(names "")
set(index 0)
foreach(file IN LISTS files)
  get_filename_component(name ${file} NAME)
  file(READ ${file} text)
  string(APPEND texts "    {\"std/${name}\", R\"dlc(${text})dlc\"},\n")
  string(REGEX MATCHALL "\n(fn|module|optimizer|const|param|state|model|data) [A-Za-z_][A-Za-z_0-9]*" matches "\n${text}")
  foreach(match IN LISTS matches)
    string(REGEX REPLACE "^\n[a-z]+ " "" match "${match}")
    list(APPEND names "${match} ${index}")
  endforeach()
  math(EXPR index "${index} + 1")
endforeach()
list(SORT names)
set(entries "")
foreach(entry IN LISTS names)
  string(REPLACE " " ";" entry "${entry}")
  list(GET entry 0 name)
  list(GET entry 1 number)
  string(APPEND entries "    {\"${name}\", ${number}},\n")
endforeach()
file(WRITE ${OUT} "#include \"frontend/StdLibrary.h\"

namespace dlc::frontend {

llvm::ArrayRef<EmbeddedFile> embeddedFiles() {
  static constexpr EmbeddedFile files[] = {
${texts}    {\"\", \"\"},
  };
  return llvm::ArrayRef<EmbeddedFile>(files).drop_back();
}

llvm::ArrayRef<EmbeddedName> embeddedNames() {
  static constexpr EmbeddedName names[] = {
${entries}    {\"\", 0},
  };
  return llvm::ArrayRef<EmbeddedName>(names).drop_back();
}

} // namespace dlc::frontend
")
