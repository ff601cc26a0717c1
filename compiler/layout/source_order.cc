// compiler/layout/source_order.cc - what is said of a path where a filesystem type is expected:
// mount(8) and fstab(5) name the source first.
#include "compiler/layout/resolver.h"
#include "compiler/layout/words.h"

namespace mountc {
namespace {

// A device, a tag of fstab(5), or what a server exports.
bool is_device(std::string_view word) {
  return word.starts_with("/dev/") || word.find('=') != std::string_view::npos ||
         (!word.starts_with('/') && word.find(":/") != std::string_view::npos);
}

// `mount SOURCE TARGET TYPE` in the order of a layout.
std::string in_order(const Resolver& r, const ast::Mount& node) {
  const std::string_view first = r.raw(node.target), second = r.raw(node.source.head);
  if (is_device(first)) {
    const std::string_view third =
        node.attributes.empty() ? "TYPE" : r.raw(node.attributes[0].word);
    return fmt::format("{} {} on {}", second, find_flag(third) ? "TYPE" : third, first);
  }
  if (first.find('/') == std::string_view::npos) return fmt::format("{} {}", second, first);
  return fmt::format("{} bind {}", second, first);
}

}  // namespace

void report_path_as_type(Resolver& r, const ast::Mount& node) {
  const std::string_view path = r.raw(node.source.head);
  r.diagnostics.report<rule::path_as_type>(node.source.head.span, path)
      .hint(
          "`bind {}` shows what is there; where mount(8)'s order was meant, the target comes "
          "first: `mount {}`",
          path, in_order(r, node));
}

}  // namespace mountc
