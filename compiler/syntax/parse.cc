// compiler/syntax/parse.cc - text to syntax tree; the one file that compiles the grammar.
#include "compiler/syntax/parse.h"

#include <string_view>
#include <utility>

#include "compiler/syntax/actions.h"
#include "compiler/syntax/recover.h"
#include "grammar/layout.h"

namespace mountc {

namespace syntax {

namespace {

struct Recovery {
  uint32_t end;  // where parsing goes on
  bool whole;    // the statement can be kept
};

// Reports the error in the statement that begins at `begin`.
Recovery recover(Builder& builder, uint32_t begin, const SyntaxError& error) {
  const std::string_view text = builder.text();
  const auto text_end = static_cast<uint32_t>(text.size());
  const ErrorPlace place = error_place(text, begin, error.offset);
  bool whole = builder.lacks_only_end(error, place.previous_end);
  const bool at_end = error.offset == text_end || builder.gave_up();
  const uint32_t end = at_end  ? text_end
                       : whole ? error.offset
                               : statement_end(text, begin, error.offset);
  const bool blamed = builder.is_blamed(begin, place.previous_end);
  const bool told = builder.is_blamed(place.previous_end, end + 1) || (blamed && !whole);
  if (!told && !builder.is_follow_up(error.offset)) {
    builder.report(error, place);
  }
  whole = whole && !blamed;
  builder.resume(end);
  return {end, whole};
}

}  // namespace

// A statement either becomes a node or is reported and passed over: it always matches, so that
// the statements after it are looked at too.
template <>
struct action<grammar::statement> : pegtl::maybe_nothing {
  template <typename Rule, pegtl::apply_mode A, pegtl::rewind_mode M,
            template <typename...> class Action, template <typename...> class Control,
            typename Input>
  static bool match(Input& in, Builder& builder) {
    const uint32_t begin = builder.offset(in.current());
    ast::Statement statement;
    const Builder::Frame outer = builder.enter(statement);
    try {
      (void)pegtl::match<Rule, A, M, Action, Control>(in, builder);
      statement.span = builder.span(builder.text().data() + begin, in.current());
      builder.leave(outer);
      if (!builder.is_blamed(begin, statement.span.end)) builder.add(std::move(statement));
    } catch (const SyntaxError& error) {
      const Recovery recovery = recover(builder, begin, error);
      if (recovery.whole) builder.finish();
      builder.leave(outer);
      if (recovery.whole) {
        statement.span =
            builder.span(builder.text().data() + begin, builder.text().data() + recovery.end);
        builder.add(std::move(statement));
      }
      in.bump(recovery.end - builder.offset(in.current()));
    }
    return true;
  }
};

}  // namespace syntax

std::optional<ast::File> parse(const Sources& sources, uint32_t file,
                               Diagnostics& diagnostics) {
  const std::string& text = sources.file(file).text;
  Builder builder(sources, file, diagnostics);
  builder.report_bytes();

  namespace pegtl = tao::pegtl;
  pegtl::memory_input<pegtl::tracking_mode::lazy> in(text.data(), text.data() + text.size(),
                                                     "");
  (void)pegtl::parse<grammar::file, syntax::action, syntax::control>(in, builder);

  if (builder.failed()) return std::nullopt;
  return ast::File{builder.take_statements()};
}

}  // namespace mountc
