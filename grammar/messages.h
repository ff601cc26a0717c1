// grammar/messages.h - what to say when a committed rule does not match.
//
// A rule named here throws when it fails. Keep it out of the first place of a sor or an opt.
#pragma once

#include "grammar/layout.h"

namespace mountc::grammar {

template <typename Rule>
inline constexpr const char* expected = nullptr;

// clang-format off

// -- words, strings, options ----------------------------------------------------------------
template<> inline constexpr auto expected< variable_name >    = "expected a variable's name after `${`";
template<> inline constexpr auto expected< variable_end >     = "expected `}` after the variable's name";
template<> inline constexpr auto expected< string_end >       = "unterminated string";
template<> inline constexpr auto expected< word_separated >   = "expected white space between a word and a string";
template<> inline constexpr auto expected< string_separated > = "expected white space after the string";
template<> inline constexpr auto expected< option_key >       = "expected an option";
template<> inline constexpr auto expected< option_value >     = "expected a value after `=`";
template<> inline constexpr auto expected< list_value >       = "expected a value in the list";
template<> inline constexpr auto expected< layer_name >       = "expected a declared filesystem's name after `in(`";
template<> inline constexpr auto expected< layer_path >       = "expected a path after `at`";
template<> inline constexpr auto expected< layer_end >        = "expected `)` after the layer";
template<> inline constexpr auto expected< list_end >         = "expected `,` or `]` in the list";
template<> inline constexpr auto expected< options_end >      = "expected `,` or `)` in the options";

// -- sources and attributes -----------------------------------------------------------------
template<> inline constexpr auto expected< bind_path >        = "expected a source path after `bind`";
template<> inline constexpr auto expected< rbind_path >       = "expected a source path after `rbind`";
template<> inline constexpr auto expected< clone_target >     = "expected a target of this layout after `clone`";
template<> inline constexpr auto expected< rclone_target >    = "expected a target of this layout after `rclone`";
template<> inline constexpr auto expected< in_path >          = "expected a mount namespace's file after `in`";
template<> inline constexpr auto expected< on_value >         = "expected a source after `on`";
template<> inline constexpr auto expected< at_path >          = "expected a path after `at`";
template<> inline constexpr auto expected< clause_in_place >  = "`on`, `at` and `in` stand only directly after a source";
template<> inline constexpr auto expected< shared_group >     = "expected a group's name after `shared`";
template<> inline constexpr auto expected< slave_group >      = "expected a group's name after `slave`";

// -- statements -----------------------------------------------------------------------------
template<> inline constexpr auto expected< param_name >       = "expected a parameter's name after `param`";
template<> inline constexpr auto expected< param_value >      = "expected a value after `=`";
template<> inline constexpr auto expected< param_end >        = "expected `;` after the parameter";
template<> inline constexpr auto expected< let_name >         = "expected a constant's name after `let`";
template<> inline constexpr auto expected< let_equals >       = "expected `=` after the constant's name";
template<> inline constexpr auto expected< let_value >        = "expected a value after `=`";
template<> inline constexpr auto expected< let_end >          = "expected `;` after the constant";

template<> inline constexpr auto expected< group_name >       = "expected a group's name after `group`";
template<> inline constexpr auto expected< slave_of >         = "expected `of` after `slave`";
template<> inline constexpr auto expected< master_name >      = "expected the master group's name after `slave of`";
template<> inline constexpr auto expected< peers_of >         = "expected `of` after `peers`";
template<> inline constexpr auto expected< peers_path >       = "expected a mount point after `peers of`";
template<> inline constexpr auto expected< peers_in >         = "expected a mount namespace's file after `in`";
template<> inline constexpr auto expected< group_end >        = "expected `;` after the group";

template<> inline constexpr auto expected< filesystem_name >   = "expected a filesystem's name after `filesystem`";
template<> inline constexpr auto expected< filesystem_source > = "expected a filesystem type after the filesystem's name";
template<> inline constexpr auto expected< filesystem_end >    = "expected `;` after the filesystem";

template<> inline constexpr auto expected< mount_target >     = "expected a target path after `mount`";
template<> inline constexpr auto expected< mount_source >     = "expected a source after the mount's target";
template<> inline constexpr auto expected< mount_body >       = "expected `;` after the mount";

template<> inline constexpr auto expected< entry_path >       = "expected the path of the entry";
template<> inline constexpr auto expected< entry_owner >      = "expected UID:GID after `owner`";
template<> inline constexpr auto expected< entry_end >        = "expected `;` after the entry";
template<> inline constexpr auto expected< symlink_to >       = "expected `to` after the symlink's path";
template<> inline constexpr auto expected< symlink_text >     = "expected the symlink's text after `to`";
template<> inline constexpr auto expected< node_type >        = "expected `c` or `b` after the node's path";
template<> inline constexpr auto expected< node_device >      = "expected MAJOR:MINOR after the node's type";

template<> inline constexpr auto expected< mask_path >        = "expected a path after `mask`";
template<> inline constexpr auto expected< mask_end >         = "expected `;` after the mask";
template<> inline constexpr auto expected< pin_path >         = "expected a path after `pin`";
template<> inline constexpr auto expected< pin_end >          = "expected `;` after the pin";

template<> inline constexpr auto expected< namespace_name >   = "expected a namespace's name after `namespace`";
template<> inline constexpr auto expected< copy_kind >        = "expected `private`, `slave` or `inherit` after `copy`";
template<> inline constexpr auto expected< namespace_body >   = "expected `{` after the namespace's name";
template<> inline constexpr auto expected< include_path >     = "expected a file's path after `include`";
template<> inline constexpr auto expected< include_end >      = "expected `;` after the include";
template<> inline constexpr auto expected< for_name >         = "expected a variable's name after `for`";
template<> inline constexpr auto expected< for_in >           = "expected `in` after the variable's name";
template<> inline constexpr auto expected< for_values >       = "expected `[` after `in`";
template<> inline constexpr auto expected< for_value >        = "expected a value in the list";
template<> inline constexpr auto expected< for_end >          = "expected `,` or `]` in the list";
template<> inline constexpr auto expected< for_body >         = "expected `{` after the list";
template<> inline constexpr auto expected< block_end >        = "expected `}` at the end of the block";
template<> inline constexpr auto expected< known_statement >  = "expected a statement";

// clang-format on

}  // namespace mountc::grammar
