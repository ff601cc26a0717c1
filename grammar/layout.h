// grammar/layout.h - the concrete syntax of a .mnt file, and nothing else.
//
// Every rule is named after the thing a user would call it in an error message. A rule that can
// fail after its statement is recognised has its sentence in messages.h and throws; it never
// stands first in a sor or an opt. The actions live in compiler/syntax/actions.h.
//
// The lines `name := ...` in the comments are the grammar that docs/language.md shows, section by
// section from the end; test/docs/grammar.py writes random texts by them for the parser.
#pragma once

#include <tao/pegtl.hpp>

namespace mountc::grammar {

using namespace tao::pegtl;

// clang-format off

// -- blanks ---------------------------------------------------------------------------------
//
// skip    := { white-space | comment }
// comment := "#" { byte }
//
// A `#` inside a word belongs to the word, for words are as long as they can be.
struct byte_order_mark : string< '\xef', '\xbb', '\xbf' > {};
struct white_space     : one< ' ', '\t', '\r', '\n' > {};
struct comment         : seq< one< '#' >, star< not_one< '\n' > > > {};
struct skip            : star< sor< plus< white_space >, comment > > {};

// -- words and strings ----------------------------------------------------------------------
//
// word     := ( word-byte | variable ) { word-byte | variable }
// string   := '"' { string-byte | escape | variable } '"'
// variable := "${" name "}"
// name     := ( letter | "_" ) { letter | digit | "_" | "-" }
// value    := string | word
// key      := string | word
// path, target, text, mode := value
// device, user := word
// digits   := digit { digit }
//
// Multi-byte UTF-8 is let through here byte by byte; the file was validated before.
struct name          : seq< sor< alpha, one< '_' > >, star< sor< alnum, one< '_', '-' > > > > {};
struct variable_name : name {};
struct variable_end  : one< '}' > {};
struct variable      : seq< one< '$' >, one< '{' >, variable_name, variable_end > {};

// All but white space, control bytes and `" ; { } ( ) [ ] ,`; the key of an option and the name
// of a variable end at `=` as well. `$` stands apart because `${` is read first. The commonest
// bytes come first.
struct key_byte  : ranges< '^', 'z', '-', ':', '>', 'Z', '!', '!', '#', '#', '%', '\'', '*', '+',
                           '<', '<', '\\', '\\', '|', '|', '~', '~', '\x80', '\xff' > {};
struct word_byte : sor< key_byte, one< '=', '$' > > {};
struct key_text  : plus< sor< plus< key_byte >, variable, one< '$' > > > {};
struct word_text : plus< sor< plus< key_byte >, variable, one< '=', '$' > > > {};

struct string_byte  : ranges< ' ', '!', '#', '#', '%', '[', ']', '~', '\x80', '\xff' > {};
struct escape       : seq< one< '\\' >, ranges< ' ', '~', '\x80', '\xff' > > {};
struct string_begin : one< '"' > {};
struct string_end   : one< '"' > {};
struct string_text  : seq< string_begin,
                           star< sor< plus< string_byte >, escape, variable, one< '$' > > >,
                           string_end > {};

// A word and a string that touch would read like one value and be two.
struct word_separated   : not_at< one< '"' > > {};
struct string_separated : not_at< sor< one< '"' >, seq< not_at< one< '#' > >, word_byte > > > {};
struct word             : seq< word_text, word_separated > {};
struct quoted           : seq< string_text, string_separated > {};
struct value            : sor< quoted, word > {};
struct key              : sor< string_text, seq< key_text, word_separated > > {};

// One token, well-formed or not: for going on after an error.
struct broken_string : seq< one< '"' >, star< not_one< '\n' > > > {};
struct broken_word   : plus< sor< string< '$', '{' >, word_byte > > {};
struct token         : sor< string_text, word_text, broken_string, broken_word, any > {};

// -- keywords -------------------------------------------------------------------------------
//
// Whole words, keywords only by position: `groups` is not `group`, and a group may be called
// `bind`.
// Most words fail on their first byte, which is looked at apart: no call of memcmp.
template< typename Spelling >
struct keyword;
template< char First, char... Rest >
struct keyword< string< First, Rest... > >
   : seq< one< First >, string< Rest... >, not_at< word_byte > > {};

struct kw_at         : keyword< TAO_PEGTL_STRING( "at" ) > {};
struct kw_bind       : keyword< TAO_PEGTL_STRING( "bind" ) > {};
struct kw_clone      : keyword< TAO_PEGTL_STRING( "clone" ) > {};
struct kw_copy       : keyword< TAO_PEGTL_STRING( "copy" ) > {};
struct kw_dir        : keyword< TAO_PEGTL_STRING( "dir" ) > {};
struct kw_file       : keyword< TAO_PEGTL_STRING( "file" ) > {};
struct kw_filesystem : keyword< TAO_PEGTL_STRING( "filesystem" ) > {};
struct kw_for        : keyword< TAO_PEGTL_STRING( "for" ) > {};
struct kw_group      : keyword< TAO_PEGTL_STRING( "group" ) > {};
struct kw_in         : keyword< TAO_PEGTL_STRING( "in" ) > {};
struct kw_include    : keyword< TAO_PEGTL_STRING( "include" ) > {};
struct kw_inherit    : keyword< TAO_PEGTL_STRING( "inherit" ) > {};
struct kw_let        : keyword< TAO_PEGTL_STRING( "let" ) > {};
struct kw_mask       : keyword< TAO_PEGTL_STRING( "mask" ) > {};
struct kw_mkdir      : keyword< TAO_PEGTL_STRING( "mkdir" ) > {};
struct kw_mount      : keyword< TAO_PEGTL_STRING( "mount" ) > {};
struct kw_namespace  : keyword< TAO_PEGTL_STRING( "namespace" ) > {};
struct kw_node       : keyword< TAO_PEGTL_STRING( "node" ) > {};
struct kw_of         : keyword< TAO_PEGTL_STRING( "of" ) > {};
struct kw_on         : keyword< TAO_PEGTL_STRING( "on" ) > {};
struct kw_owner      : keyword< TAO_PEGTL_STRING( "owner" ) > {};
struct kw_param      : keyword< TAO_PEGTL_STRING( "param" ) > {};
struct kw_peers      : keyword< TAO_PEGTL_STRING( "peers" ) > {};
struct kw_pin        : keyword< TAO_PEGTL_STRING( "pin" ) > {};
struct kw_private    : keyword< TAO_PEGTL_STRING( "private" ) > {};
struct kw_rbind      : keyword< TAO_PEGTL_STRING( "rbind" ) > {};
struct kw_rclone     : keyword< TAO_PEGTL_STRING( "rclone" ) > {};
struct kw_shared     : keyword< TAO_PEGTL_STRING( "shared" ) > {};
struct kw_slave      : keyword< TAO_PEGTL_STRING( "slave" ) > {};
struct kw_symlink    : keyword< TAO_PEGTL_STRING( "symlink" ) > {};
struct kw_to         : keyword< TAO_PEGTL_STRING( "to" ) > {};
struct kw_touch      : keyword< TAO_PEGTL_STRING( "touch" ) > {};

struct statement_keyword : sor< kw_mount, kw_dir, kw_file, kw_filesystem, kw_for, kw_group,
                                kw_include, kw_let, kw_mask, kw_namespace, kw_node, kw_param,
                                kw_pin, kw_symlink > {};

// -- options --------------------------------------------------------------------------------
//
// options := "(" [ option { "," option } ] ")"
// option  := key [ "=" ( item | "[" [ item { "," item } ] "]" ) ]
// item    := value | "in" "(" name [ "at" path ] ")"
struct option_key    : key {};
struct option_value  : value {};
struct list_value    : value {};
struct list_begin    : one< '[' > {};
struct list_end      : one< ']' > {};
struct layer_name    : word {};
struct layer_path    : value {};
struct layer_end     : one< ')' > {};
struct layer         : seq< kw_in, skip, one< '(' >, skip, layer_name, skip,
                            opt< kw_at, skip, layer_path, skip >, layer_end > {};
struct list_item     : sor< layer, list_value > {};
struct option_list   : seq< list_begin, skip,
                            opt< not_at< one< ']' > >, list_item, skip,
                                 star< one< ',' >, skip, list_item, skip > >,
                            list_end > {};
struct option        : seq< option_key, skip,
                            opt< one< '=' >, skip, sor< option_list, layer, option_value >,
                                 skip > > {};
struct options_begin : one< '(' > {};
struct options_end   : one< ')' > {};
struct options       : seq< options_begin, skip,
                            opt< not_at< one< ')' > >, option,
                                 star< one< ',' >, skip, option > >,
                            options_end > {};

// -- sources --------------------------------------------------------------------------------
//
// source := ( "bind" | "rbind" ) [ options ] path [ "in" path ]
//         | ( "clone" | "rclone" ) target [ "at" path ]
//         | word [ options ] [ "on" value ] [ "at" path ]
struct on_value      : value {};
struct at_path       : value {};
struct in_path       : value {};
struct in_clause     : seq< skip, kw_in, skip, in_path > {};
struct on_clause     : seq< skip, kw_on, skip, on_value > {};
struct at_clause     : seq< skip, kw_at, skip, at_path > {};
struct source_options : options {};

struct bind_path     : value {};
struct rbind_path    : value {};
struct clone_target  : value {};
struct rclone_target : value {};
struct source_type   : word {};
struct bind_source   : seq< kw_bind, skip, opt< source_options, skip >, bind_path,
                            opt< in_clause > > {};
struct rbind_source  : seq< kw_rbind, skip, opt< source_options, skip >, rbind_path,
                            opt< in_clause > > {};
struct clone_source  : seq< kw_clone, skip, clone_target, opt< at_clause > > {};
struct rclone_source : seq< kw_rclone, skip, rclone_target, opt< at_clause > > {};
struct typed_source  : seq< source_type, opt< skip, source_options >, opt< on_clause >,
                            opt< at_clause > > {};
struct source        : sor< bind_source, rbind_source, clone_source, rclone_source,
                            typed_source > {};

// -- attributes -----------------------------------------------------------------------------
//
// attribute := ( "shared" | "slave" ) [ options ] name
//            | ( "mkdir" | "touch" ) [ options ] [ digits ]
//            | word [ options ]
//
// A word that begins a statement is no attribute: a `;` was forgotten before it.
template< typename Word >
struct attribute_head    : Word {};
struct attribute_options : options {};
struct attribute_mode    : seq< plus< digit >, not_at< sor< word_byte, one< '"' > > > > {};
struct shared_group      : word {};
struct slave_group       : word {};
struct clause_in_place   : not_at< sor< kw_on, kw_at, kw_in > > {};

struct shared_attribute  : seq< attribute_head< kw_shared >, opt< skip, attribute_options >, skip,
                                shared_group > {};
struct slave_attribute   : seq< attribute_head< kw_slave >, opt< skip, attribute_options >, skip,
                                slave_group > {};
struct making_attribute  : seq< attribute_head< sor< kw_mkdir, kw_touch > >,
                                opt< skip, attribute_options >, opt< skip, attribute_mode > > {};
struct plain_attribute   : seq< not_at< statement_keyword >, clause_in_place,
                                attribute_head< word >, opt< skip, attribute_options > > {};
struct attribute         : sor< shared_attribute, slave_attribute, making_attribute,
                                plain_attribute > {};

// -- blocks ---------------------------------------------------------------------------------
//
// block := "{" { statement } "}"
struct statement;
struct block_begin : one< '{' > {};
struct block_end   : one< '}' > {};
struct block       : seq< block_begin, skip,
                          star< not_at< sor< one< '}' >, eof > >, statement, skip >,
                          block_end > {};

// -- param and let --------------------------------------------------------------------------
//
// param := "param" name [ "=" value ] ";"
// let   := "let" name "=" value ";"
//
// Names are read as words and judged when they are declared (M203).
struct param_name   : key_text {};
struct param_value  : value {};
struct param_end    : one< ';' > {};
struct param_decl   : seq< kw_param, skip, param_name, skip,
                           opt< one< '=' >, skip, param_value, skip >, param_end > {};
struct let_name     : key_text {};
struct let_equals   : one< '=' > {};
struct let_value    : value {};
struct let_end      : one< ';' > {};
struct let_decl     : seq< kw_let, skip, let_name, skip, let_equals, skip, let_value, skip,
                           let_end > {};

// -- groups ---------------------------------------------------------------------------------
//
// group := "group" name [ "slave" "of" name | "peers" "of" path [ "in" path ] ] ";"
struct group_name   : word {};
struct slave_of     : kw_of {};
struct master_name  : word {};
struct peers_of     : kw_of {};
struct peers_path   : value {};
struct peers_in     : value {};
struct group_end    : one< ';' > {};
struct group_origin : sor< seq< kw_slave, skip, slave_of, skip, master_name, skip >,
                           seq< kw_peers, skip, peers_of, skip, peers_path, skip,
                                opt< kw_in, skip, peers_in, skip > > > {};
struct group_decl   : seq< kw_group, skip, group_name, skip, opt< group_origin >, group_end > {};

// -- filesystems ----------------------------------------------------------------------------
//
// filesystem := "filesystem" name word [ options ] [ "on" value ] ";"
struct filesystem_name   : word {};
struct filesystem_source : seq< source_type, opt< skip, source_options >, opt< on_clause > > {};
struct filesystem_end    : one< ';' > {};
struct filesystem_decl   : seq< kw_filesystem, skip, filesystem_name, skip, filesystem_source,
                                skip, filesystem_end > {};

// -- mounts ---------------------------------------------------------------------------------
//
// mount := "mount" target source { attribute } ( ";" | block )
struct mount_target : value {};
struct mount_source : source {};
struct mount_end    : one< ';' > {};
struct mount_body   : sor< mount_end, block > {};
struct mount_decl   : seq< kw_mount, skip, mount_target, skip, mount_source, skip,
                           star< attribute, skip >, mount_body > {};

// -- entries --------------------------------------------------------------------------------
//
// entry := ( "dir" | "file" ) path [ mode ] [ owner ] ";"
//        | "symlink" path "to" text [ owner ] ";"
//        | "node" path ( "c" | "b" ) device [ mode ] [ owner ] ";"
// owner := "owner" user
struct entry_path   : value {};
struct entry_mode   : seq< not_at< kw_owner >, value > {};
struct entry_owner  : word {};
struct entry_end    : one< ';' > {};
struct entry_rest   : seq< opt< kw_owner, skip, entry_owner, skip >, entry_end > {};
struct symlink_to   : kw_to {};
struct symlink_text : value {};
struct node_type    : seq< one< 'b', 'c' >, not_at< word_byte > > {};
struct node_device  : word {};
struct dir_decl     : seq< kw_dir, skip, entry_path, skip, opt< entry_mode, skip >,
                           entry_rest > {};
struct file_decl    : seq< kw_file, skip, entry_path, skip, opt< entry_mode, skip >,
                           entry_rest > {};
struct symlink_decl : seq< kw_symlink, skip, entry_path, skip, symlink_to, skip, symlink_text,
                           skip, entry_rest > {};
struct node_decl    : seq< kw_node, skip, entry_path, skip, node_type, skip, node_device, skip,
                           opt< entry_mode, skip >, entry_rest > {};

// -- mask and pin ---------------------------------------------------------------------------
//
// mask := "mask" path ";"
// pin  := "pin" path ";"
struct mask_path : value {};
struct mask_end  : one< ';' > {};
struct mask_decl : seq< kw_mask, skip, mask_path, skip, mask_end > {};
struct pin_path  : value {};
struct pin_end   : one< ';' > {};
struct pin_decl  : seq< kw_pin, skip, pin_path, skip, pin_end > {};

// -- namespaces -----------------------------------------------------------------------------
//
// namespace := "namespace" name [ "copy" ( "private" | "slave" | "inherit" ) ] block
struct namespace_name : word {};
struct namespace_body : block {};
struct copy_kind      : sor< kw_private, kw_slave, kw_inherit > {};
struct namespace_decl : seq< kw_namespace, skip, namespace_name, skip,
                             opt< kw_copy, skip, copy_kind, skip >, namespace_body > {};

// -- include and for ------------------------------------------------------------------------
//
// include := "include" path ";"
// for     := "for" name "in" "[" [ value { "," value } ] "]" block
struct include_path : value {};
struct include_end  : one< ';' > {};
struct include_decl : seq< kw_include, skip, include_path, skip, include_end > {};
struct for_name     : key_text {};
struct for_in       : kw_in {};
struct for_value    : value {};
struct for_values   : one< '[' > {};
struct for_end      : one< ']' > {};
struct for_body     : block {};
struct for_list     : seq< for_values, skip,
                           opt< not_at< one< ']' > >, for_value, skip,
                                star< one< ',' >, skip, for_value, skip > >,
                           for_end > {};
struct for_decl     : seq< kw_for, skip, for_name, skip, for_in, skip, for_list, skip,
                           for_body > {};

// -- the file -------------------------------------------------------------------------------
//
// file      := { statement }
// statement := mount | entry | mask | pin | namespace | group | filesystem | param | let
//            | include | for
struct known_statement : failure {};  // no alternative matched
struct statement : sor< mount_decl, group_decl, filesystem_decl, dir_decl, file_decl,
                        symlink_decl, node_decl, mask_decl, pin_decl, namespace_decl,
                        param_decl, let_decl, include_decl, for_decl, known_statement > {};

struct file : seq< opt< byte_order_mark >, skip, star< not_at< eof >, statement, skip >, eof > {};

// clang-format on

}  // namespace mountc::grammar
