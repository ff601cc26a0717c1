// compiler/layout/relative.cc - what a relative path may have been meant to be.
#include "compiler/layout/resolver.h"

namespace mountc {

void hint_at_relative(Diagnostic& diagnostic, std::string_view path) {
  if (path.starts_with('$')) {
    diagnostic.hint("a variable is written `{}`", "${NAME}");
  } else if (path.starts_with('~')) {
    diagnostic.hint("`~` means something to shells alone: write the whole path");
  } else if (path.starts_with('\'')) {
    diagnostic.hint("a string stands in double quotes");
  } else if (path.find('=') != std::string_view::npos) {
    diagnostic.hint("paths stand alone: `mount TARGET bind PATH;`");
  }
}

}  // namespace mountc
