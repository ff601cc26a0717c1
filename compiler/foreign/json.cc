// compiler/foreign/json.cc - a JSON text as values: PEGTL's grammar for it, with actions.
#include "compiler/foreign/json.h"

#include <algorithm>
#include <tao/pegtl.hpp>
#include <tao/pegtl/contrib/json.hpp>
#include <tao/pegtl/contrib/unescape.hpp>

namespace mountc {
namespace {

namespace pegtl = tao::pegtl;
namespace json = pegtl::json;

// Deeper than any configuration, and far from the end of the stack.
constexpr std::size_t depth_max = 200;

// Collects the values that are not complete yet, from the outermost in.
class Builder {
 public:
  explicit Builder(uint32_t file) : file_(file) {}

  std::string bytes;  // of the string that is being read

  void value(Json::Kind kind, std::string text, std::size_t begin, std::size_t end) {
    put({kind, span(begin, end), std::move(text), {}, {}});
  }
  void begin(Json::Kind kind, std::size_t at) {
    open_.push_back({kind, span(at, at), {}, {}, {}});
  }
  void end(std::size_t at) {
    Json done = std::move(open_.back());
    open_.pop_back();
    done.span.end = static_cast<uint32_t>(at);
    put(std::move(done));
  }
  void key() { open_.back().keys.push_back(std::exchange(bytes, {})); }
  std::size_t depth() const { return open_.size(); }
  Json result() { return std::move(whole_); }

 private:
  Span span(std::size_t begin, std::size_t end) const {
    return {file_, static_cast<uint32_t>(begin), static_cast<uint32_t>(end)};
  }
  void put(Json value) {
    (open_.empty() ? whole_ : open_.back().elements.emplace_back()) = std::move(value);
  }

  uint32_t file_;
  std::vector<Json> open_;
  Json whole_;
};

template <typename Rule>
struct Action : pegtl::nothing<Rule> {};

template <>
struct Action<json::unescaped> {
  template <typename Input>
  static void apply(const Input& in, Builder& builder) {
    builder.bytes += in.string_view();
  }
};

template <>
struct Action<json::escaped_char> {
  template <typename Input>
  static void apply(const Input& in, Builder& builder) {
    using unescape = pegtl::unescape::unescape_c<json::escaped_char, '"', '\\', '/', '\b', '\f',
                                                 '\n', '\r', '\t'>;
    unescape::apply(in, builder.bytes);
  }
};

template <>
struct Action<json::unicode> {
  template <typename Input>
  static void apply(const Input& in, Builder& builder) {
    const std::size_t before = builder.bytes.size();
    pegtl::unescape::unescape_j::apply(in, builder.bytes);
    if (builder.bytes.find('\0', before) != std::string::npos) {
      throw pegtl::parse_error("a NUL, which no path and no option holds", in);
    }
  }
};

template <Json::Kind kind>
struct Scalar {
  template <typename Input>
  static void apply(const Input& in, Builder& builder) {
    const std::size_t begin = in.position().byte;
    std::string text =
        kind == Json::Kind::string ? std::exchange(builder.bytes, {}) : in.string();
    builder.value(kind, std::move(text), begin, begin + in.size());
  }
};

template <Json::Kind kind>
struct Begin {
  template <typename Input>
  static void apply(const Input& in, Builder& builder) {
    if (builder.depth() == depth_max) throw pegtl::parse_error("too many levels", in);
    builder.begin(kind, in.position().byte);
  }
};

struct End {
  template <typename Input>
  static void apply(const Input& in, Builder& builder) {
    builder.end(in.position().byte + 1);
  }
};

template <>
struct Action<json::null> : Scalar<Json::Kind::null> {};
template <>
struct Action<json::true_> : Scalar<Json::Kind::boolean> {};
template <>
struct Action<json::false_> : Scalar<Json::Kind::boolean> {};
template <>
struct Action<json::number> : Scalar<Json::Kind::number> {};
template <>
struct Action<json::string> : Scalar<Json::Kind::string> {};
template <>
struct Action<json::begin_array> : Begin<Json::Kind::array> {};
template <>
struct Action<json::begin_object> : Begin<Json::Kind::object> {};
template <>
struct Action<json::end_array> : End {};
template <>
struct Action<json::end_object> : End {};
template <>
struct Action<json::key> {
  template <typename Input>
  static void apply(const Input&, Builder& builder) {
    builder.key();
  }
};

// What was expected where a rule fails that nothing else could stand for.
template <typename>
inline constexpr const char* expected = nullptr;
template <>
inline constexpr auto expected<json::text> = "expected a value";
template <>
inline constexpr auto expected<json::end_array> = "expected `,` or `]`";
template <>
inline constexpr auto expected<json::end_object> = "expected `,` or `}`";
template <>
inline constexpr auto expected<json::next_array_element> = "expected a value after `,`";
template <>
inline constexpr auto expected<json::next_member> = "expected a key after `,`";
template <>
inline constexpr auto expected<json::name_separator> = "expected `:` after the key";
template <>
inline constexpr auto expected<json::member_value> = "expected a value after `:`";
template <>
inline constexpr auto expected<json::string_content> = "a string that does not end";
template <>
inline constexpr auto expected<json::key_content> = "a key that does not end";
template <>
inline constexpr auto expected<json::escaped> = "an unknown escape";
template <>
inline constexpr auto expected<json::digits> = "expected a digit";
template <>
inline constexpr auto expected<pegtl::eof> = "expected nothing more";

struct Errors {
  template <typename Rule>
  static constexpr auto message = expected<Rule>;
  template <typename Rule>
  static constexpr bool raise_on_failure = expected<Rule> != nullptr;
};
template <typename Rule>
using Control = pegtl::must_if<Errors>::control<Rule>;

}  // namespace

const Json* Json::find(std::string_view key) const {
  const auto last = std::find(keys.rbegin(), keys.rend(), key);
  return last == keys.rend() ? nullptr
                             : &elements[static_cast<std::size_t>(keys.rend() - last) - 1];
}

std::optional<Json> parse_json(const Sources& sources, uint32_t file,
                               Diagnostics& diagnostics) {
  const std::string& text = sources.file(file).text;
  Builder builder(file);
  try {
    pegtl::memory_input<> in(text, "");
    pegtl::parse<pegtl::seq<json::text, pegtl::eof>, Action, Control>(in, builder);
  } catch (const pegtl::parse_error& error) {
    const auto at = static_cast<uint32_t>(error.positions().front().byte);
    const auto end = std::min<uint32_t>(at + 1, static_cast<uint32_t>(text.size()));
    diagnostics.report<rule::json>({file, at, end}, std::string(error.message()));
    return std::nullopt;
  }
  return builder.result();
}

}  // namespace mountc
