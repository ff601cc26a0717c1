// compiler/layout/expand.cc - included files in the place of `include`, the body of a `for`
// once for each value.
//
// Global variables may come from included files, and the path of a file from variables: what
// stands at the top is read first, each file as soon as its path is known. Afterwards all is
// put in the order of the text.
#include "compiler/layout/expand.h"

#include <map>
#include <set>
#include <utility>

#include "compiler/layout/includes.h"
#include "compiler/syntax/respan.h"

namespace mountc {
namespace {

constexpr std::size_t statements_max = 200'000;  // that are made by `for` and `include`

class Expander {
 public:
  Expander(Sources& sources, LayoutVariables& variables, Diagnostics& diagnostics)
      : sources_(sources),
        variables_(variables),
        diagnostics_(diagnostics),
        includes_(sources, variables, diagnostics) {}

  std::vector<ast::Statement> expand(std::vector<ast::Statement> statements) {
    read_top(statements);
    variables_.check();
    if (diagnostics_.has_errors()) return {};
    std::vector<ast::Statement> out;
    out.reserve(statements.size());
    Block top{.out = out, .is_top = true};
    append(std::move(statements), top);
    return out;
  }

 private:
  // Where statements go. A file that is included once more in one block says nothing new.
  struct Block {
    std::vector<ast::Statement>& out;
    std::set<uint32_t> texts = {};
    bool is_top = false;
    bool in_loop = false;
  };

  // The place of an include statement in the texts.
  using Place = std::pair<uint32_t, uint32_t>;
  static Place place(Span span) { return {span.file, span.begin}; }

  void read_top(const std::vector<ast::Statement>& statements) {
    std::vector<const ast::Statement*> waiting;
    enter_variables(statements, waiting);
    for (bool more = true; more;) {
      more = false;
      std::vector<const ast::Statement*> still;
      for (std::size_t i = 0; i < waiting.size(); ++i) {
        const ast::Statement& each = *waiting[i];
        if (!variables_.is_known(std::get<ast::Include>(each.node).path)) {
          still.push_back(&each);
          continue;
        }
        more = true;
        if (const auto* file = read(each, top_texts_)) enter_variables(*file, waiting);
      }
      waiting = std::move(still);
    }
    // Their paths are made of what is declared nowhere.
    for (const ast::Statement* each : waiting) read(*each, top_texts_);
  }

  void enter_variables(const std::vector<ast::Statement>& statements,
                       std::vector<const ast::Statement*>& waiting) {
    variables_.declare(statements);
    for (const ast::Statement& each : statements) {
      if (std::holds_alternative<ast::Include>(each.node)) waiting.push_back(&each);
    }
  }

  // The statements of an included file; nullptr: it adds none.
  std::vector<ast::Statement>* read(const ast::Statement& statement,
                                    std::set<uint32_t>& texts) {
    auto read = includes_.read(statement, texts);
    if (!read) return nullptr;
    if (!may_add(statement.span, count(*read))) return nullptr;
    return &top_files_.insert_or_assign(place(statement.span), std::move(*read)).first->second;
  }

  void append(std::vector<ast::Statement> statements, Block& block) {
    for (ast::Statement& statement : statements) {
      if (gave_up_) return;
      if (std::holds_alternative<ast::Include>(statement.node)) {
        include(statement, block);
      } else if (auto* loop = std::get_if<ast::For>(&statement.node)) {
        unroll(*loop, statement.span, block);
      } else {
        if (auto* mount = std::get_if<ast::Mount>(&statement.node)) inner(mount->block);
        if (auto* ns = std::get_if<ast::Namespace>(&statement.node)) inner(ns->body);
        if (const auto* param = std::get_if<ast::Param>(&statement.node)) {
          if (block.in_loop) misplaced(*param);
        }
        block.out.push_back(std::move(statement));
      }
    }
  }

  void inner(std::vector<ast::Statement>& body) {
    std::vector<ast::Statement> out;
    out.reserve(body.size());
    Block block{.out = out};
    append(std::move(body), block);
    body = std::move(out);
  }

  void include(const ast::Statement& statement, Block& block) {
    const auto known = block.is_top ? top_files_.find(place(statement.span)) : top_files_.end();
    if (known != top_files_.end()) {
      append(std::move(known->second), block);
    } else if (!block.is_top) {
      auto statements = includes_.read(statement, block.texts);
      if (statements && may_add(statement.span, count(*statements))) {
        append(std::move(*statements), block);
      }
    }
  }

  void unroll(const ast::For& loop, Span statement, Block& block) {
    const std::string_view name = sources_.text(loop.name.span);
    if (!is_name(name)) {
      diagnostics_.report<rule::bad_name>(loop.name.span, name, "variable");
      return;
    }
    if (const auto earlier = variables_.declared(name, statement.file)) {
      diagnostics_.report<rule::declared_twice>(loop.name.span, "variable", name)
          .note(*earlier, "`{}` is declared first here", name);
      return;
    }
    const std::size_t size = count(loop.body);
    for (const ast::Value& value : loop.values) {
      if (!may_add(statement, 1 + size)) return;
      auto text = decode(sources_, value, variables_, diagnostics_);
      if (!text) continue;
      const uint32_t reading = sources_.again(
          statement.file, {value.span, fmt::format("`{}` is `{}` here", name, *text)});
      variables_.bind(reading, loop.name, std::move(*text));
      Block body{.out = block.out, .in_loop = true};
      append(respan(loop.body, reading), body);
    }
  }

  void misplaced(const ast::Param& param) {
    const std::string_view what = param.is_let ? "let" : "param";
    diagnostics_.report<rule::misplaced>(param.name.span, what,
                                         "is global: declare it outside `for`");
  }

  bool may_add(Span statement, std::size_t statements) {
    added_ += statements;
    if (added_ <= statements_max) return true;
    if (!gave_up_) {
      diagnostics_.report<rule::expansion_too_large>(
          statement, "`for` and `include` make", fmt::format("{} statements", statements_max));
    }
    gave_up_ = true;
    return false;
  }

  Sources& sources_;
  LayoutVariables& variables_;
  Diagnostics& diagnostics_;
  Includes includes_;
  std::map<Place, std::vector<ast::Statement>> top_files_;  // by the include statement
  std::set<uint32_t> top_texts_;
  std::size_t added_ = 0;
  bool gave_up_ = false;
};

}  // namespace

std::optional<std::vector<ast::Statement>> expand(std::vector<ast::Statement> statements,
                                                  Sources& sources, LayoutVariables& variables,
                                                  Diagnostics& diagnostics) {
  auto expanded = Expander(sources, variables, diagnostics).expand(std::move(statements));
  if (diagnostics.has_errors()) return std::nullopt;
  return expanded;
}

}  // namespace mountc
