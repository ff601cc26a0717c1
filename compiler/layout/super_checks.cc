// compiler/layout/super_checks.cc - superblock options that cannot do what they are meant to.
#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "compiler/layout/device_tags.h"
#include "compiler/layout/resolver.h"
#include "compiler/layout/super_options.h"
#include "compiler/layout/words.h"

namespace mountc {
namespace {

// -- options that are none of a filesystem --------------------------------------------------

// The attribute that says it; empty: nothing is to be said. nullopt: the filesystem may know
// it. `ro` and `rw` are known to all of them (Linux fs/fs_context.c vfs_parse_sb_flag()).
std::optional<std::string_view> attribute_for(std::string_view word) {
  if (word == "ro" || word == "rw") return std::nullopt;
#define HABIT(word_, attribute) \
  if (word == (word_)) return attribute;
#include "compiler/layout/super_habits.def"
  return find_flag(word) ? std::optional(word) : std::nullopt;
}

class MisplacedOptions {
 public:
  MisplacedOptions(Resolver& r, const ast::Source& node) : r_(r), node_(node) {}

  void report(Describes what) {
    sort_out();
    Diagnostic* first = nullptr;
    for (auto span = misplaced_.rbegin(); span != misplaced_.rend(); ++span) {
      first = &r_.diagnostics.report<rule::mount_option>(*span, r_.sources.text(*span));
    }
    if (!first) return;
    if (what == Describes::declaration) {
      first->hint("{}", attributes_.empty()
                            ? "leave it out"
                            : "say `" + attributes_ + "` on each mount that shows it");
    } else if (const std::string text = mended();
               text.find_first_of("#\n") == std::string::npos) {
      first->fix({node_.span, text}, "write `{}`", text);
    } else {
      first->hint("say{} behind the source, among the mount's attributes",
                  " `" + attributes_ + "`");
    }
  }

 private:
  void sort_out() {
    const auto& options = node_.options->options;
    for (size_t i = 0; i < options.size(); ++i) {
      const ast::Option& option = options[i];
      const auto attribute =
          option.has_value ? std::nullopt : attribute_for(r_.raw(option.key));
      if (attribute) {
        misplaced_.push_back(option.key.span);
        if (!attribute->empty()) {
          if (!attributes_.empty()) attributes_ += ' ';
          attributes_ += *attribute;
        }
        continue;
      }
      const uint32_t end =
          i + 1 < options.size() ? options[i + 1].key.span.begin : node_.options->span.end - 1;
      Span whole = option.key.span;
      whole.end = end;
      std::string_view text = r_.sources.text(whole);
      text = text.substr(0, text.find_last_not_of(" \t\n,") + 1);
      kept_ += (kept_.empty() ? "" : ", ") + std::string(text);
    }
  }

  std::string mended() const {
    Span rest = node_.span;
    rest.begin = node_.options->span.end;
    return std::string(r_.raw(node_.head)) + (kept_.empty() ? "" : "(" + kept_ + ")") +
           std::string(r_.sources.text(rest)) + (attributes_.empty() ? "" : " " + attributes_);
  }

  Resolver& r_;
  const ast::Source& node_;
  std::vector<Span> misplaced_;
  std::string kept_, attributes_;
};

// -- overlay --------------------------------------------------------------------------------

// The kernel looks it up from the working directory, and a plan has none.
void check_absolute(Resolver& r, const ast::Option& node, const SuperblockOption& option) {
  for (size_t i = 0; i < option.values.size(); ++i) {
    const auto is_this = [i](const Layer& layer) { return layer.index == i; };
    if (std::ranges::any_of(option.layers, is_this)) continue;
    for (const std::string& path : overlay_directories(option.key, option.values[i])) {
      if (path.starts_with('/')) continue;
      r.diagnostics.report<rule::relative_source>(node.values[i].span, path);
    }
  }
}

void check_overlay(Resolver& r, const ast::Source& node, const Superblock& superblock) {
  size_t lower = 0;
  const ast::Option *one = nullptr, *upper = nullptr, *work = nullptr;
  for (size_t i = 0; i < superblock.options.size(); ++i) {
    const SuperblockOption& option = superblock.options[i];
    const ast::Option* const place = &node.options->options[i];
    check_absolute(r, *place, option);
    if (option.key == "upperdir") upper = place;
    if (option.key == "workdir") work = place;
    if (option.key != "lowerdir" && option.key != "lowerdir+" && option.key != "datadir+")
      continue;
    one = place;
    lower += option.key == "lowerdir" && option.layers.empty() && !option.values.empty()
                 ? overlay_directories(option.key, option.values[0]).size()
                 : option.values.size();
  }
  if (lower == 0) {
    r.diagnostics.report<rule::overlay_layers>(node.head.span, "shows at least one `lowerdir`");
  } else if (lower == 1 && !upper) {
    r.diagnostics
        .report<rule::overlay_layers>(
            one->key.span, "of a single `lowerdir` needs an `upperdir`, or another `lowerdir`")
        .hint("a directory alone is shown by `bind`, read-only with `ro`");
  }
  if (upper && !work) {
    r.diagnostics
        .report<rule::overlay_layers>(upper->key.span, "with an `upperdir` needs a `workdir`")
        .hint("`workdir=` names an empty directory of the filesystem that `upperdir` lies in");
  }
}

// -- what mount(8) looks up before it asks the kernel ----------------------------------------

void check_type(Resolver& r, const ast::Source& node, std::string_view type) {
  if (type == "auto") {
    r.diagnostics.report<rule::no_type>(node.head.span, type)
        .hint(
            "mount(8) looks at the device: `blkid -o value -s TYPE DEVICE` says what it would "
            "find");
  } else if (type == "none") {
    r.diagnostics.report<rule::no_type>(node.head.span, type)
        .hint("a directory is shown by `bind PATH`, an empty one in memory by `tmpfs`");
  }
}

void check_tag(Resolver& r, const ast::Source& node, const std::string& source) {
  const auto device = device_of_tag(source);
  if (!device) return;
  r.diagnostics.report<rule::tag_source>(node.on->span, source)
      .suggest({node.on->span, *device}, "where udev(7) runs, `{}` is the device", *device);
}

}  // namespace

void check_superblock(Resolver& r, const ast::Source& node, const Superblock& superblock,
                      Describes what) {
  if (node.options) MisplacedOptions(r, node).report(what);
  if (superblock.type == "overlay") check_overlay(r, node, superblock);
  check_type(r, node, superblock.type);
  if (superblock.source) check_tag(r, node, *superblock.source);
}

}  // namespace mountc
