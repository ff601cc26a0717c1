// compiler/import/kinds.cc - which mounts of a running namespace show files.
#include "compiler/import/kinds.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <unordered_map>
#include <vector>

#include "compiler/import/throwaway.h"
#include "compiler/layout/paths.h"
#include "compiler/snapshot/lookup.h"

namespace mountc {
namespace {

using snapshot::Kind;

// What does `path` lead to, in the mount with this number?
struct Question {
  snapshot::Mount* mount;  // whose kind is asked for
  std::string path;
  uint64_t id;
};

// A letter for each. No symbolic link is on a path that the kernel shows, and nothing is
// mounted or fetched for this.
std::string answers_from(const std::vector<Question>& questions, int root) {
  std::string kinds;
  for (const Question& each : questions) {
    const char* const path = each.path == "/" ? "." : each.path.c_str() + 1;
    constexpr int flags = AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_STATX_DONT_SYNC;
    struct statx status {};
    const bool there = ::statx(root, path, flags, STATX_TYPE | STATX_MNT_ID, &status) == 0 &&
                       (status.stx_mask & STATX_MNT_ID) && status.stx_mnt_id == each.id;
    kinds += !there ? '?' : S_ISDIR(status.stx_mode) ? 'd' : 'f';
  }
  return kinds;
}

// `/proc/N/ns/mnt` -> `/proc/N/root`; others: nothing.
std::string root_beside(const std::string& file) {
  constexpr std::string_view end = "/ns/mnt";
  if (!file.starts_with("/proc/") || !file.ends_with(end)) return "";
  return file.substr(0, file.size() - end.size()) + "/root";
}

// Asks them in the namespace of this file.
void ask(const std::string& ns_file, const std::vector<Question>& questions) {
  if (questions.empty()) return;
  std::string kinds;
  if (const std::string path = root_beside(ns_file); !path.empty()) {
    const int root = ::open(path.c_str(), O_PATH | O_CLOEXEC);
    if (root < 0) return;
    kinds = answers_from(questions, root);
    ::close(root);
  } else {
    const int file = ::open(ns_file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) return;
    const auto read = [&questions](std::string& found) {
      const int root = ::open("/", O_PATH | O_CLOEXEC);
      found = answers_from(questions, root);
      return root >= 0;
    };
    if (!inside(file, read, kinds)) kinds.clear();
    ::close(file);
  }
  for (size_t q = 0; q < questions.size() && q < kinds.size(); ++q) {
    if (kinds[q] == 'd') questions[q].mount->kind = Kind::directory;
    if (kinds[q] == 'f') questions[q].mount->kind = Kind::file;
  }
}

// Of what hides behind others: where else in `ns` is it seen?
void ask_by_others(std::vector<snapshot::Mount*>& hidden, const snapshot::Namespace& ns) {
  std::unordered_map<uint32_t, std::vector<const snapshot::Mount*>> places;  // by superblock
  for (const snapshot::Mount& mount : ns.mounts) places[mount.superblock].push_back(&mount);
  const snapshot::Lookup lookup(ns);
  std::vector<Question> questions;
  for (snapshot::Mount* const wanted : hidden) {
    for (const snapshot::Mount* const place : places[wanted->superblock]) {
      if (wanted->root_internal || wanted->root_removed || place->root_internal ||
          !is_within(wanted->root, place->root)) {
        continue;
      }
      const std::string_view rest = rest_below(wanted->root, place->root);
      std::string path = place->full_target;
      if (!rest.empty()) path += (path == "/" ? "" : "/") + std::string(rest);
      const auto found = lookup.walk(path);
      if (found.mount == none || &ns.mounts[found.mount] != place || found.rest != rest) continue;
      questions.push_back({wanted, std::move(path), place->id});
      break;
    }
  }
  ask(ns.file, questions);
  std::erase_if(hidden, [](const snapshot::Mount* m) { return m->kind != Kind::unknown; });
}

}  // namespace

void learn_kinds(snapshot::Snapshot& snapshot, const snapshot::Namespace* host) {
  std::vector<snapshot::Mount*> hidden;
  for (snapshot::Namespace& ns : snapshot.namespaces) {
    if (ns.file.empty()) continue;
    std::vector<Question> questions;
    for (snapshot::Mount& mount : ns.mounts) {
      questions.push_back({&mount, mount.full_target, mount.id});
    }
    ask(ns.file, questions);
    for (snapshot::Mount& mount : ns.mounts) {
      if (mount.kind == Kind::unknown) hidden.push_back(&mount);
    }
  }
  for (const snapshot::Namespace& ns : snapshot.namespaces) {
    if (!hidden.empty() && !ns.file.empty()) ask_by_others(hidden, ns);
  }
  if (!hidden.empty() && host && !host->file.empty()) ask_by_others(hidden, *host);
}

}  // namespace mountc
