// compiler/layout/attributes.cc - a mount's attribute words.
#include <algorithm>

#include "compiler/layout/resolver.h"
#include "compiler/layout/words.h"
#include "runtime/ops.h"

namespace mountc {
namespace {

// Words that are no flags. Each takes the mount it is said of to what it asks for.
struct Context {
  Resolver& r;
  const ast::Attribute& attribute;
  Mount& mount;
  Draft& draft;
};

// `slave ro`: a word that is an attribute stands where the group was forgotten.
bool is_attribute(std::string_view word);

void to_group(Context& c, Propagation propagation) {
  c.mount.propagation = propagation;
  if (!c.attribute.argument) return;
  const auto name = c.r.decode(*c.attribute.argument);
  if (!name) return;
  c.mount.group_span = c.attribute.argument->span;
  const auto found = c.r.groups.find(*name);
  if (found == c.r.groups.end()) {
    const Span place = c.attribute.argument->span;
    const std::string_view word = c.r.raw(c.attribute.word);
    if (*name == "of") {
      c.r.diagnostics.report<rule::undeclared>(place, "group", *name)
          .hint("a mount takes the group's name alone: `{} NAME`", word);
      return;
    }
    if (!is_attribute(*name)) return report_undeclared(c.r, place, "group", *name, c.r.groups);
    c.r.diagnostics.report<rule::undeclared>(place, "group", *name)
        .hint("`{0}` takes a group: declare one by `group NAME;` and say `{0} NAME {1}`", word,
              *name);
  } else {
    c.mount.group = found->second;
  }
}

void to_make(Context& c, Make make, uint32_t mode) {
  c.mount.make = make;
  c.mount.make_mode = mode;
  if (c.attribute.argument) {
    c.mount.make_mode = octal_mode(c.r, *c.attribute.argument).value_or(mode);
  }
  if (!c.attribute.options) return;
  for (const ast::Option& option : c.attribute.options->options) {
    const auto key = c.r.decode(option.key);
    if (key && *key == "parents" && !option.has_value) {
      c.mount.make_parents = true;
    } else if (key) {
      report_unknown_option(c.r, option.key.span, c.r.raw(c.attribute.word), *key);
    }
  }
}

template <Propagation propagation>
void to_propagation(Context& c) {
  c.mount.propagation = propagation;
}

void to_over(Context& c) {
  c.draft.over = true;
  c.draft.over_span = c.attribute.span;
}

void to_beneath(Context& c) {
  c.mount.beneath = true;
  c.draft.beneath_span = c.attribute.span;
}

void to_propagate(Context& c) {
  c.mount.propagate = true;
  c.draft.propagate_span = c.attribute.span;
}

// `kind`: words of one kind exclude each other.
struct OtherWord {
  std::string_view word;
  enum Kind : uint8_t { propagation, make, idmap, alone } kind;
  void (*apply)(Context&);
};

constexpr OtherWord other_words[] = {
    {"private", OtherWord::propagation, to_propagation<Propagation::private_>},
    {"unbindable", OtherWord::propagation, to_propagation<Propagation::unbindable>},
    {"shared", OtherWord::propagation, [](Context& c) { to_group(c, Propagation::shared); }},
    {"slave", OtherWord::propagation, [](Context& c) { to_group(c, Propagation::slave); }},
    {"inherit", OtherWord::propagation, to_propagation<Propagation::inherit>},
    {"follow", OtherWord::propagation, to_propagation<Propagation::follow>},
    {"mkdir", OtherWord::make, [](Context& c) { to_make(c, Make::directory, 0755); }},
    {"touch", OtherWord::make, [](Context& c) { to_make(c, Make::file, 0644); }},
    {"idmap", OtherWord::idmap, [](Context& c) { resolve_idmap(c.r, c.attribute, c.mount); }},
    {"optional", OtherWord::alone, [](Context& c) { c.mount.optional = true; }},
    {"over", OtherWord::alone, to_over},
    {"beneath", OtherWord::alone, to_beneath},
    {"propagate", OtherWord::alone, to_propagate},
};

bool is_attribute(std::string_view word) {
  return find_flag(word) ||
         std::ranges::find(other_words, word, &OtherWord::word) != std::end(other_words);
}

std::vector<std::string_view> all_words() {
  std::vector<std::string_view> words;
  append_flag_words(words);
  for (const OtherWord& other : other_words) words.push_back(other.word);
  return words;
}

class AttributeReader {
 public:
  AttributeReader(Resolver& r, const ast::Mount& node, Mount& mount, Draft& draft)
      : r_(r), node_(node), mount_(mount), draft_(draft) {}

  void read() {
    // In the order of mount(8), which was reported, everything stands in another place.
    const std::string_view head = r_.raw(node_.source.head);
    const bool typed = node_.source.kind == ast::SourceKind::filesystem;
    if (head.starts_with('-') || (typed && head.starts_with('/'))) return;
    for (const ast::Attribute& attribute : node_.attributes) {
      if (follows_of(attribute)) continue;
      const auto word = r_.decode(attribute.word);
      if (!word) continue;
      if (read_flag(attribute, *word) || read_other(attribute, *word)) continue;
      if (!report_unknown_attribute(r_, node_.source, attribute, *word, all_words())) return;
    }
    const uint32_t own = top_.set | top_.clear;
    mount_.flags = {(whole_.set & ~own) | top_.set, (whole_.clear & ~own) | top_.clear};
    mount_.flags_below = whole_;
  }

 private:
  // `slave of GROUP`, as of a group: the word after it was reported with the `of`.
  bool follows_of(const ast::Attribute& attribute) const {
    const ast::Attribute* const first = node_.attributes.data();
    if (&attribute == first) return false;
    const auto& argument = (&attribute - 1)->argument;
    return argument && r_.raw(*argument) == "of" && !r_.groups.contains("of") &&
           !is_attribute(r_.raw(attribute.word));
  }

  bool read_flag(const ast::Attribute& attribute, const std::string& word) {
    const FlagWord* flag = find_flag(word);
    if (!flag) return false;
    const bool top = attribute.options && is_top(attribute, word);
    const uint32_t touched = flag->set | flag->clear;
    for (const Said& earlier : flags_) {
      if (earlier.top == top && ((earlier.flag->set | earlier.flag->clear) & touched) &&
          earlier.flag->word != flag->word) {
        contradiction(attribute.span, std::string(r_.sources.text(attribute.span)),
                      earlier.place, std::string(r_.sources.text(earlier.place)));
        return true;
      }
    }
    const bool said = std::ranges::any_of(flags_, [&](const Said& earlier) {
      return earlier.flag == flag && earlier.top == top;
    });
    if (!said) flags_.push_back({flag, attribute.span, top});
    Flags& flags = top ? top_ : whole_;
    flags.set |= flag->set;
    flags.clear |= flag->clear;
    return true;
  }

  // `ro(top)`: of the mounts that an rbind or rclone makes, the topmost alone.
  bool is_top(const ast::Attribute& attribute, const std::string& word) {
    bool top = false;
    for (const ast::Option& option : attribute.options->options) {
      const auto key = r_.decode(option.key);
      if (key && (*key != "top" || option.has_value)) {
        report_unknown_option(r_, option.key.span, word, *key);
      }
      top = top || (key && *key == "top");
    }
    if (top && !mount_.source.is_recursive()) {
      r_.diagnostics
          .report<rule::misplaced>(attribute.span, r_.sources.text(attribute.span),
                                   "has a meaning only on an `rbind` or `rclone`")
          .hint("say `{}`: there is one mount", word);
    }
    return top;
  }

  bool read_other(const ast::Attribute& attribute, const std::string& word) {
    const auto* other = std::ranges::find(other_words, word, &OtherWord::word);
    if (other == std::end(other_words)) return false;
    if (other->kind != OtherWord::alone) {
      const ast::Attribute*& earlier = earlier_[other->kind];
      if (earlier) {
        Diagnostic& diagnostic =
            contradiction(attribute.span, std::string(r_.sources.text(attribute.span)),
                          earlier->span, std::string(r_.sources.text(earlier->span)));
        suggest_slave_group(r_, diagnostic, *earlier, attribute);
        return true;
      }
      earlier = &attribute;
    }
    if (attribute.options && other->kind != OtherWord::make &&
        other->kind != OtherWord::idmap) {
      r_.diagnostics.report<rule::unknown_option>(attribute.options->span, word,
                                                  r_.sources.text(attribute.options->span));
    }
    Context context{r_, attribute, mount_, draft_};
    other->apply(context);
    return true;
  }

  Diagnostic& contradiction(Span span, const std::string& word, Span place,
                            const std::string& earlier) {
    Diagnostic& diagnostic = r_.diagnostics.report<rule::contradictory>(span, word, earlier);
    diagnostic.note(place, "`{}` is said here", earlier);
    return diagnostic;
  }

  Resolver& r_;
  const ast::Mount& node_;
  Mount& mount_;
  Draft& draft_;
  struct Said {
    const FlagWord* flag;
    Span place;
    bool top;
  };

  std::vector<Said> flags_;
  Flags whole_, top_;
  const ast::Attribute* earlier_[OtherWord::alone] = {};
};

}  // namespace

void resolve_attributes(Resolver& r, const ast::Mount& node, Mount& mount, Draft& draft) {
  AttributeReader(r, node, mount, draft).read();
}

}  // namespace mountc
