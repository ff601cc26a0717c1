// compiler/syntax/dump.cc - the syntax tree as indented text: one node a line, each with the
// place where it begins, values just as they are written.
#include "compiler/syntax/dump.h"

#include <fmt/format.h>

#include <iterator>
#include <string_view>
#include <utility>

namespace mountc {

namespace {

std::string_view name_of(ast::SourceKind kind) {
  switch (kind) {
    case ast::SourceKind::bind:
      return "bind";
    case ast::SourceKind::rbind:
      return "rbind";
    case ast::SourceKind::clone:
      return "clone";
    case ast::SourceKind::rclone:
      return "rclone";
    case ast::SourceKind::filesystem:
      return "filesystem";
  }
  return "?";
}

std::string_view name_of(ast::EntryKind kind) {
  switch (kind) {
    case ast::EntryKind::dir:
      return "dir";
    case ast::EntryKind::symlink:
      return "symlink";
    case ast::EntryKind::node:
      return "node";
    case ast::EntryKind::file:
      return "file";
  }
  return "?";
}

class Dumper {
 public:
  explicit Dumper(const Sources& sources) : sources_(sources) {}

  void statements(const std::vector<ast::Statement>& statements) {
    for (const ast::Statement& statement : statements) {
      place_ = statement.span;
      std::visit([this](const auto& node) { dump(node); }, statement.node);
    }
  }

  std::string take() { return std::move(out_); }

 private:
  // Lines written while one of these lives are a level deeper.
  class Deeper {
   public:
    explicit Deeper(Dumper& dumper) : dumper_(dumper) { ++dumper_.depth_; }
    ~Deeper() { --dumper_.depth_; }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;

   private:
    Dumper& dumper_;
  };

  void line(std::string_view kind, Span span, std::string_view text = {}) {
    const Position position = sources_.position(span.file, span.begin);
    out_.append(2 * depth_, ' ');
    fmt::format_to(std::back_inserter(out_), "{} {}:{}", kind, position.line, position.column);
    if (!text.empty()) fmt::format_to(std::back_inserter(out_), " {}", text);
    out_ += '\n';
  }

  void value(std::string_view kind, const ast::Value& value) {
    line(kind, value.span, sources_.text(value.span));
  }
  void value(std::string_view kind, const std::optional<ast::Value>& optional) {
    if (optional) value(kind, *optional);
  }

  void options(const ast::Boxed<ast::Options>& options) {
    if (!options) return;
    line("options", options->span);
    const Deeper deeper(*this);
    for (const ast::Option& option : options->options) {
      value("option", option.key);
      const Deeper values(*this);
      for (const ast::Value& each : option.values)
        value(option.is_list ? "item" : "value", each);
      for (const ast::Layer& each : option.layers) {
        value("layer", option.values[each.index]);
        value("at", each.at);
      }
    }
  }

  void source(const ast::Source& source) {
    line("source", source.span, name_of(source.kind));
    const Deeper deeper(*this);
    value("head", source.head);
    options(source.options);
    value("on", source.on);
    value("at", source.at);
    value("in", source.in);
  }

  void attribute(const ast::Attribute& attribute) {
    value("attribute", attribute.word);
    const Deeper deeper(*this);
    options(attribute.options);
    value("argument", attribute.argument);
  }

  void dump(const ast::Param& param) {
    line(param.is_let ? "let" : "param", place_);
    const Deeper deeper(*this);
    value("name", param.name);
    value("value", param.value);
  }

  void dump(const ast::Group& group) {
    line("group", place_);
    const Deeper deeper(*this);
    value("name", group.name);
    value("slave-of", group.slave_of);
    value("peers-of", group.peers_of);
    value("in", group.peers_in);
  }

  void dump(const ast::Filesystem& filesystem) {
    line("filesystem", place_);
    const Deeper deeper(*this);
    value("name", filesystem.name);
    source(filesystem.source);
  }

  void dump(const ast::Mount& mount) {
    line("mount", place_);
    const Deeper deeper(*this);
    value("target", mount.target);
    source(mount.source);
    for (const ast::Attribute& each : mount.attributes) attribute(each);
    if (!mount.has_block) return;
    out_.append(2 * depth_, ' ');
    out_ += "block\n";
    const Deeper block(*this);
    statements(mount.block);
  }

  void dump(const ast::Entry& entry) {
    line(name_of(entry.kind), place_);
    const Deeper deeper(*this);
    value("path", entry.path);
    value("text", entry.text);
    value("type", entry.type);
    value("device", entry.device);
    value("mode", entry.mode);
    value("owner", entry.owner);
  }

  void dump(const ast::Mask& mask) {
    line("mask", place_);
    const Deeper deeper(*this);
    value("path", mask.path);
  }

  void dump(const ast::Pin& pin) {
    line("pin", place_);
    const Deeper deeper(*this);
    value("path", pin.path);
  }

  void dump(const ast::Namespace& space) {
    line("namespace", place_);
    const Deeper deeper(*this);
    value("name", space.name);
    value("copy", space.copy);
    statements(space.body);
  }

  void dump(const ast::Include& include) {
    line("include", place_);
    const Deeper deeper(*this);
    value("path", include.path);
  }

  void dump(const ast::For& loop) {
    line("for", place_);
    const Deeper deeper(*this);
    value("name", loop.name);
    for (const ast::Value& each : loop.values) value("item", each);
    statements(loop.body);
  }

  const Sources& sources_;
  Span place_;  // of the statement at hand
  std::size_t depth_ = 0;
  std::string out_;
};

}  // namespace

std::string dump(const Sources& sources, const ast::File& file) {
  Dumper dumper(sources);
  dumper.statements(file.statements);
  return dumper.take();
}

}  // namespace mountc
