// compiler/import/statmount_line.cc - answers of statmount(2) as parts of a line of mountinfo.
#include "compiler/import/statmount_line.h"

#include <fmt/format.h>
#include <sys/mount.h>

#include "compiler/layout/mountinfo_text.h"

namespace mountc::statmount {
namespace {

constexpr std::string_view special_in_option = " \t\n\\,";

struct Word {
  uint64_t flag;
  std::string_view word;
};

// Linux fs/proc_namespace.c show_sb_opts(), in its order.
constexpr Word superblock_words[] = {
    {MS_SYNCHRONOUS, ",sync"}, {MS_DIRSYNC, ",dirsync"}, {1u << 25, ",lazytime"}};

// Those of all strings that lie one after the other.
template <typename Each>
void for_each_string(const Answer& answer, uint32_t count, uint32_t at, Each each) {
  for (; count > 0; --count) {
    const std::string_view one = answer.string(at);
    each(one);
    at += static_cast<uint32_t>(one.size()) + 1;
  }
}

// fs/mnt_idmapping.c statmount_mnt_idmap(): `FIRST OTHER COUNT` of each range.
void append_id_map(const Answer& answer, std::string_view tag, uint32_t count, uint32_t at,
                   std::string& line) {
  for_each_string(answer, count, at, [&](std::string_view range) {
    line += tag;
    tag = ",";
    for (const char c : range) line += c == ' ' ? ':' : c;
  });
}

}  // namespace

LineAround line_around(const Answer& answer) {
  LineAround line;
  line.before = fmt::format("{} {} {}:{} ", answer.shown_id, answer.shown_parent,
                            answer.device_major, answer.device_minor);
  append_escaped(line.before, answer.string(answer.root));
  line.after = " " + mount_options_text(static_cast<uint32_t>(answer.attributes));
  if (answer.propagation & MS_SHARED) line.after += fmt::format(" shared:{}", answer.group);
  if (answer.propagation & MS_SLAVE) line.after += fmt::format(" master:{}", answer.master);
  if (answer.propagation & MS_UNBINDABLE) line.after += " unbindable";
  if (answer.has(What::uids))
    append_id_map(answer, " uidmap:", answer.uid_count, answer.uids, line.after);
  if (answer.has(What::gids))
    append_id_map(answer, " gidmap:", answer.gid_count, answer.gids, line.after);
  return line;
}

std::string superblock_text(const Answer& answer) {
  std::string text = " - ";
  append_escaped(text, answer.string(answer.type));
  if (answer.has(What::subtype)) {
    text += '.';
    append_escaped(text, answer.string(answer.subtype));
  }
  text += ' ';
  const bool named = answer.has(What::source);
  append_escaped(text, named ? answer.string(answer.source) : "none");
  text += answer.superblock_flags & MS_RDONLY ? " ro" : " rw";
  for (const Word& word : superblock_words) {
    if (answer.superblock_flags & word.flag) text += word.word;
  }
  const auto option = [&text](std::string_view one) {
    text += ',';
    append_escaped(text, one, special_in_option);
  };
  if (answer.has(What::security)) {
    for_each_string(answer, answer.security_count, answer.security, option);
  }
  if (answer.has(What::options)) {
    for_each_string(answer, answer.option_count, answer.options, option);
  }
  return text;
}

}  // namespace mountc::statmount
