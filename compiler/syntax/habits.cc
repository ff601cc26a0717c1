// compiler/syntax/habits.cc - what a text of another program would have meant.
#include "compiler/syntax/habits.h"

#include <algorithm>

namespace mountc {
namespace {

bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }

}  // namespace

std::string_view statement_habit(std::string_view word) {
#define WHOLE(known, meant) \
  if (word == (known)) return meant;
#define BEGIN(known, meant) \
  if (word.starts_with(known)) return meant;
#include "compiler/syntax/habits.def"
  // `BindPaths=/srv`; a tag of fstab(5), `UUID=1`, has no small letters.
  const bool setting = word.size() > 2 && is_capital(word[0]) && !is_capital(word[1]);
  if (setting && word.find('=') != std::string_view::npos) {
    return "what a setting of systemd says is `mount TARGET bind PATH ro;` here";
  }
  return "";
}

bool is_fstab_line(std::string_view word, std::string_view rest) {
  rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
  return rest.starts_with('/') || word.find_first_of("/=") != std::string_view::npos;
}

}  // namespace mountc
