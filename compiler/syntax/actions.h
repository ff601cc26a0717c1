// compiler/syntax/actions.h - which rule of the grammar puts what into the tree.
//
// Included by parse.cc alone: PEGTL is compiled once.
#pragma once

#include <optional>

#include "compiler/syntax/builder.h"
#include "grammar/messages.h"

namespace mountc::syntax {

namespace pegtl = tao::pegtl;

// -- errors ---------------------------------------------------------------------------------

template <typename Rule>
inline constexpr Mistake mistake = Mistake::expected;
template <>
inline constexpr Mistake mistake<grammar::known_statement> = Mistake::unknown_statement;
template <>
inline constexpr Mistake mistake<grammar::string_end> = Mistake::broken_string;
template <>
inline constexpr Mistake mistake<grammar::block_end> = Mistake::open_block;
template <>
inline constexpr Mistake mistake<grammar::shared_group> = Mistake::missing_group;
template <>
inline constexpr Mistake mistake<grammar::slave_group> = Mistake::missing_group;
template <>
inline constexpr Mistake mistake<grammar::param_end> = Mistake::missing_end;
template <>
inline constexpr Mistake mistake<grammar::let_end> = Mistake::missing_end;
template <>
inline constexpr Mistake mistake<grammar::group_end> = Mistake::missing_end;
template <>
inline constexpr Mistake mistake<grammar::filesystem_end> = Mistake::missing_end;
template <>
inline constexpr Mistake mistake<grammar::mount_body> = Mistake::missing_end;
template <>
inline constexpr Mistake mistake<grammar::entry_end> = Mistake::missing_end;
template <>
inline constexpr Mistake mistake<grammar::mask_end> = Mistake::missing_end;
template <>
inline constexpr Mistake mistake<grammar::pin_end> = Mistake::missing_end;
template <>
inline constexpr Mistake mistake<grammar::include_end> = Mistake::missing_end;

// A rule with a message throws when it fails. This is PEGTL's must_if, but for the exception:
// parse_error finds out line and column by counting from the start of the file.
template <typename Rule>
struct control : pegtl::normal<Rule> {
  template <typename Input>
  static void failure(const Input& in,
                      Builder& builder) noexcept(grammar::expected<Rule> == nullptr) {
    if constexpr (grammar::expected<Rule> != nullptr) {
      throw SyntaxError{builder.offset(in.current()), grammar::expected<Rule>, mistake<Rule>};
    }
  }
};

// -- the kinds of action --------------------------------------------------------------------

template <typename Rule>
struct action : pegtl::nothing<Rule> {};

// The keyword of a statement: its node is made.
template <typename Node>
struct starts {
  static void apply0(Builder& builder) { builder.start<Node>(); }
};

template <ast::EntryKind kind>
struct starts_entry {
  static void apply0(Builder& builder) { builder.start<ast::Entry>().kind = kind; }
};

// A value that becomes a member of the statement's node.
template <auto member>
struct stores;
template <typename Node, typename Member, Member Node::*member>
struct stores<member> {
  template <typename Input>
  static void apply(const Input& in, Builder& builder) {
    builder.node<Node>().*member = builder.value(in.begin(), in.end());
  }
};

// The head of a source, which a mount and a filesystem have.
template <ast::SourceKind kind>
struct stores_source {
  template <typename Input>
  static void apply(const Input& in, Builder& builder) {
    builder.source().kind = kind;
    builder.source().head = builder.value(in.begin(), in.end());
  }
};

template <std::optional<ast::Value> ast::Source::*member>
struct stores_in_source {
  template <typename Input>
  static void apply(const Input& in, Builder& builder) {
    builder.source().*member = builder.value(in.begin(), in.end());
  }
};

struct spans_source {
  template <typename Input>
  static void apply(const Input& in, Builder& builder) {
    builder.source().span = builder.span(in.begin(), in.end());
  }
};

struct stores_in_option {
  template <typename Input>
  static void apply(const Input& in, Builder& builder) {
    ast::Option& option = builder.options.back();
    option.has_value = true;
    option.values.push_back(builder.value(in.begin(), in.end()));
  }
};

// The argument of the attribute at hand; the attribute reaches to its end.
struct stores_argument {
  template <typename Input>
  static void apply(const Input& in, Builder& builder) {
    ast::Attribute& attribute = builder.attributes.back();
    attribute.argument = builder.value(in.begin(), in.end());
    attribute.span.end = attribute.argument->span.end;
  }
};

// -- words, blocks --------------------------------------------------------------------------

template <>
struct action<grammar::string_begin> {
  template <typename Input>
  static void apply(const Input& in, Builder& builder) {
    builder.begin_string(builder.offset(in.begin()));
  }
};
template <>
struct action<grammar::block_begin> {
  template <typename Input>
  static void apply(const Input& in, Builder& builder) {
    builder.begin_block(builder.offset(in.begin()));
  }
};
template <>
struct action<grammar::block_end> {
  static void apply0(Builder& builder) { builder.end_block(); }
};

// -- options --------------------------------------------------------------------------------

template <>
struct action<grammar::option_key> {
  template <typename Input>
  static void apply(const Input& in, Builder& builder) {
    builder.options.emplace_back().key = builder.value(in.begin(), in.end());
  }
};
template <>
struct action<grammar::list_begin> {
  static void apply0(Builder& builder) {
    builder.options.back().has_value = builder.options.back().is_list = true;
  }
};
template <>
struct action<grammar::option_value> : stores_in_option {};
template <>
struct action<grammar::list_value> : stores_in_option {};
template <>
struct action<grammar::layer_name> {
  template <typename Input>
  static void apply(const Input& in, Builder& builder) {
    ast::Option& option = builder.options.back();
    option.layers.push_back({static_cast<uint32_t>(option.values.size()), std::nullopt});
    stores_in_option::apply(in, builder);
  }
};
template <>
struct action<grammar::layer_path> {
  template <typename Input>
  static void apply(const Input& in, Builder& builder) {
    builder.options.back().layers.back().at = builder.value(in.begin(), in.end());
  }
};
template <>
struct action<grammar::source_options> {
  template <typename Input>
  static void apply(const Input& in, Builder& builder) {
    builder.source().options = builder.take_options(builder.span(in.begin(), in.end()));
  }
};
template <>
struct action<grammar::attribute_options> {
  template <typename Input>
  static void apply(const Input& in, Builder& builder) {
    ast::Attribute& attribute = builder.attributes.back();
    attribute.options = builder.take_options(builder.span(in.begin(), in.end()));
    attribute.span.end = attribute.options->span.end;
  }
};

// -- sources and attributes -----------------------------------------------------------------

template <>
struct action<grammar::bind_path> : stores_source<ast::SourceKind::bind> {};
template <>
struct action<grammar::rbind_path> : stores_source<ast::SourceKind::rbind> {};
template <>
struct action<grammar::clone_target> : stores_source<ast::SourceKind::clone> {};
template <>
struct action<grammar::rclone_target> : stores_source<ast::SourceKind::rclone> {};
template <>
struct action<grammar::source_type> : stores_source<ast::SourceKind::filesystem> {};
template <>
struct action<grammar::in_path> : stores_in_source<&ast::Source::in> {};
template <>
struct action<grammar::on_value> : stores_in_source<&ast::Source::on> {};
template <>
struct action<grammar::at_path> : stores_in_source<&ast::Source::at> {};
template <>
struct action<grammar::mount_source> : spans_source {};
template <>
struct action<grammar::filesystem_source> : spans_source {};

template <typename Word>
struct action<grammar::attribute_head<Word>> {
  template <typename Input>
  static void apply(const Input& in, Builder& builder) {
    ast::Attribute& attribute = builder.attributes.emplace_back();
    attribute.word = builder.value(in.begin(), in.end());
    attribute.span = attribute.word.span;
  }
};
template <>
struct action<grammar::shared_group> : stores_argument {};
template <>
struct action<grammar::slave_group> : stores_argument {};
template <>
struct action<grammar::attribute_mode> : stores_argument {};

// -- statements -----------------------------------------------------------------------------

template <>
struct action<grammar::kw_param> : starts<ast::Param> {};
template <>
struct action<grammar::kw_let> {
  static void apply0(Builder& builder) { builder.start<ast::Param>().is_let = true; }
};
template <>
struct action<grammar::param_name> : stores<&ast::Param::name> {};
template <>
struct action<grammar::param_value> : stores<&ast::Param::value> {};
template <>
struct action<grammar::let_name> : stores<&ast::Param::name> {};
template <>
struct action<grammar::let_value> : stores<&ast::Param::value> {};

template <>
struct action<grammar::kw_group> : starts<ast::Group> {};
template <>
struct action<grammar::group_name> : stores<&ast::Group::name> {};
template <>
struct action<grammar::master_name> : stores<&ast::Group::slave_of> {};
template <>
struct action<grammar::peers_path> : stores<&ast::Group::peers_of> {};
template <>
struct action<grammar::peers_in> : stores<&ast::Group::peers_in> {};

template <>
struct action<grammar::kw_filesystem> : starts<ast::Filesystem> {};
template <>
struct action<grammar::filesystem_name> : stores<&ast::Filesystem::name> {};

template <>
struct action<grammar::kw_mount> : starts<ast::Mount> {};
template <>
struct action<grammar::mount_target> : stores<&ast::Mount::target> {};
template <>
struct action<grammar::mount_end> {
  static void apply0(Builder& builder) { builder.take_attributes(); }
};

template <>
struct action<grammar::kw_dir> : starts_entry<ast::EntryKind::dir> {};
template <>
struct action<grammar::kw_file> : starts_entry<ast::EntryKind::file> {};
template <>
struct action<grammar::kw_symlink> : starts_entry<ast::EntryKind::symlink> {};
template <>
struct action<grammar::kw_node> : starts_entry<ast::EntryKind::node> {};
template <>
struct action<grammar::entry_path> : stores<&ast::Entry::path> {};
template <>
struct action<grammar::entry_mode> : stores<&ast::Entry::mode> {};
template <>
struct action<grammar::entry_owner> : stores<&ast::Entry::owner> {};
template <>
struct action<grammar::symlink_text> : stores<&ast::Entry::text> {};
template <>
struct action<grammar::node_type> : stores<&ast::Entry::type> {};
template <>
struct action<grammar::node_device> : stores<&ast::Entry::device> {};

template <>
struct action<grammar::kw_mask> : starts<ast::Mask> {};
template <>
struct action<grammar::mask_path> : stores<&ast::Mask::path> {};
template <>
struct action<grammar::kw_pin> : starts<ast::Pin> {};
template <>
struct action<grammar::pin_path> : stores<&ast::Pin::path> {};

template <>
struct action<grammar::kw_namespace> : starts<ast::Namespace> {};
template <>
struct action<grammar::namespace_name> : stores<&ast::Namespace::name> {};
template <>
struct action<grammar::copy_kind> : stores<&ast::Namespace::copy> {};

template <>
struct action<grammar::kw_include> : starts<ast::Include> {};
template <>
struct action<grammar::include_path> : stores<&ast::Include::path> {};

template <>
struct action<grammar::kw_for> : starts<ast::For> {};
template <>
struct action<grammar::for_name> : stores<&ast::For::name> {};
template <>
struct action<grammar::for_value> {
  template <typename Input>
  static void apply(const Input& in, Builder& builder) {
    builder.node<ast::For>().values.push_back(builder.value(in.begin(), in.end()));
  }
};
template <>
struct action<grammar::for_list> {
  template <typename Input>
  static void apply(const Input& in, Builder& builder) {
    builder.node<ast::For>().list = builder.span(in.begin(), in.end());
  }
};

}  // namespace mountc::syntax
