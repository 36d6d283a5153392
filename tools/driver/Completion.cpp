// Tab completion. One function in the language that bash and zsh share does the work; fish has declarations.
#include "tools/driver/CommandTable.h"

#include "runtime/DataSets.h"

#include "llvm/ADT/StringRef.h"

#include <fmt/format.h>

namespace dlc::driver {
namespace {

std::string joined(const std::vector<const char *> &words) {
  std::string out;
  for (const char *word : words)
    out += (out.empty() ? "" : " ") + std::string(word);
  return out;
}

std::string optionWords(Command command) {
  std::string out;
  for (const Option &option : optionTable())
    if (option.commands & bit(command))
      out += (out.empty() ? "" : " ") + std::string(option.name);
  return out;
}

/// What can stand as the first operand, as words; empty where it is a file, a blank where there is none.
std::string operandWords(Operand operand) {
  std::string out = operand == Operand::None ? " " : "";
  if (operand == Operand::Shell)
    out = "bash zsh fish";
  if (operand == Operand::Set)
    for (const runtime::DataSet &set : runtime::dataSets())
      out += (out.empty() ? "" : " ") + std::string(set.name);
  return out;
}

/// `--load|--log) _dlc_files ;;`: what follows each option that takes a value. The words of an option may depend on the command.
std::string valueCases() {
  std::string files, folders, others, words;
  auto add = [](std::string &list, const char *name) {
    if (("|" + list + "|").find(fmt::format("|{}|", name)) == std::string::npos)
      list += (list.empty() ? "" : "|") + std::string(name);
  };
  for (const Option &option : optionTable())
    switch (option.value) {
    case OptionValue::File: add(files, option.name); break;
    case OptionValue::Folder: add(option.name == std::string_view("-o") ? files : folders, option.name); break;
    case OptionValue::Word:
      for (const CommandInfo &command : commandTable())
        if (option.commands & bit(command.command))
          words += fmt::format("    {}:{}) COMPREPLY=($(compgen -W \"{}\" -- \"$word\")); return ;;\n", command.name, option.name, joined(option.words));
      break;
    default:
      if (option.metavar)
        add(others, option.name);
    }
  return fmt::format("{}  esac\n  case \"$before\" in\n    {}) compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- \"$word\")); return ;;\n"
                     "    {}) compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -d -- \"$word\")); return ;;\n"
                     "    {}) return ;;\n",
                     words, files, folders, others);
}

std::string bashCompletion() {
  std::string names, cases;
  for (const CommandInfo &command : commandTable()) {
    names += (names.empty() ? "" : " ") + std::string(command.name);
    cases += fmt::format("    {}) options=\"{}\" operands=\"{}\" ;;\n", command.name, optionWords(command.command),
                         operandWords(command.first));
  }
  // bash splits `--emit=gr` at the sign: the option stands one word further to the left. zsh does not: what it is offered must begin with the
  // whole word.
  return fmt::format(R"(# bash completion for dlc: source <(dlc completion bash)
_dlc() {{
  local word="${{COMP_WORDS[COMP_CWORD]}}" before="${{COMP_WORDS[COMP_CWORD-1]}}" option=
  case "$word" in
    --*=*) option="${{word%%=*}}="; before="${{word%%=*}}"; word="${{word#*=}}"; local PREFIX="$word" IPREFIX= ;; # zsh finds files by PREFIX
  esac
  _dlc_words
  if [ -n "$option" ]; then COMPREPLY=("${{COMPREPLY[@]/#/$option}}"); fi
}}
_dlc_words() {{
  local options= operands= IFS=$' \t\n'
  if [ "$word" = "=" ]; then word=
  elif [ "$before" = "=" ] && [ "$COMP_CWORD" -ge 2 ]; then before="${{COMP_WORDS[COMP_CWORD-2]}}"; fi
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then COMPREPLY=($(compgen -W "{} --help --version" -- "$word")); return; fi
  case "${{COMP_WORDS[1]}}:$before" in
{}  esac
  case "${{COMP_WORDS[1]}}" in
{}  esac
  case "$word" in
    -*) COMPREPLY=($(compgen -W "$options" -- "$word")) ;;
    *) if [ -n "$operands" ]; then COMPREPLY=($(compgen -W "$operands" -- "$word"))
       else compopt -o filenames 2>/dev/null; IFS=$'\n'; COMPREPLY=($(compgen -d -- "$word") $(compgen -G "$word*.dl") $(compgen -G "$word*.mlir")); fi ;;
  esac
}}
complete -F _dlc dlc
)",
                     names, valueCases(), cases);
}

std::string quoted(const char *text) {
  std::string out;
  for (; *text; ++text)
    out += *text == '\'' ? std::string("\\'") : std::string(1, *text);
  return "'" + out + "'";
}

std::string fishOption(const CommandInfo &command, const Option &option) {
  bool isLong = option.name[1] == '-';
  std::string line = fmt::format("complete -c dlc -n '__fish_seen_subcommand_from {}' -{} {}", command.name, isLong ? "l" : "s",
                                 llvm::StringRef(option.name).ltrim('-').str());
  switch (option.value) {
  case OptionValue::Word: line += fmt::format(" -x -a '{}'", joined(option.words)); break;
  case OptionValue::Folder: line += " -x -a '(__fish_complete_directories)'"; break;
  case OptionValue::File: line += " -r -F"; break;
  default: line += option.metavar ? " -x" : "";
  }
  return fmt::format("{} -d {}\n", line, quoted(option.help));
}

std::string fishCompletion() {
  std::string out = "# fish completion for dlc: dlc completion fish | source\n"
                    "complete -c dlc -n __fish_use_subcommand -f -l help -d 'list the commands'\n"
                    "complete -c dlc -n __fish_use_subcommand -f -l version -d 'print the version'\n";
  for (const CommandInfo &command : commandTable()) {
    out += fmt::format("complete -c dlc -n __fish_use_subcommand -f -a {} -d {}\n", command.name, quoted(command.summary));
    if (std::string words = operandWords(command.first); !words.empty())
      out += fmt::format("complete -c dlc -n '__fish_seen_subcommand_from {}' -f -a '{}'\n", command.name, words);
    for (const Option &option : optionTable())
      if (option.commands & bit(command.command))
        out += fishOption(command, option);
  }
  return out;
}

} // namespace

std::optional<std::string> completionScript(const std::string &shell) {
  if (shell == "bash")
    return bashCompletion();
  if (shell == "zsh")
    return "#compdef dlc\n# zsh completion for dlc: source <(dlc completion zsh)\n"
           "(( $+functions[compdef] )) || { autoload -U +X compinit && compinit -u; }\n"
           "autoload -U +X bashcompinit && bashcompinit\n" +
           bashCompletion();
  if (shell == "fish")
    return fishCompletion();
  return std::nullopt;
}

} // namespace dlc::driver
