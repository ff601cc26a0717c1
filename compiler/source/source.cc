// compiler/source/source.cc - the texts being compiled, and places in them.
#include "compiler/source/source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "compiler/source/utf8.h"

namespace mountc {

namespace {

// Offsets are 32 bits wide; a layout that comes near is no layout.
constexpr std::size_t text_bytes_max = 1U << 30;

// 0, or the errno.
int read_all(int fd, std::string& text) {
  char buffer[65536];
  for (;;) {
    const ssize_t count = ::read(fd, buffer, sizeof buffer);
    if (count == 0) return 0;
    if (count < 0) {
      if (errno == EINTR) continue;
      return errno;
    }
    text.append(buffer, static_cast<std::size_t>(count));
    if (text.size() > text_bytes_max) return EFBIG;
  }
}

// Closes itself, and leaves errno as it is.
struct OpenFile {
  explicit OpenFile(const std::string& path) : fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() {
    const int error = errno;
    if (fd >= 0) ::close(fd);
    errno = error;
  }

  const int fd;
};

const std::vector<uint32_t>& line_starts(const SourceFile& file) {
  if (file.line_starts.empty()) {
    file.line_starts.push_back(0);
    for (std::size_t at = file.text.find('\n'); at != std::string::npos;
         at = file.text.find('\n', at + 1)) {
      file.line_starts.push_back(static_cast<uint32_t>(at + 1));
    }
  }
  return file.line_starts;
}

// The index of the line that holds the offset. A newline belongs to the line it ends.
std::size_t line_index(const SourceFile& file, uint32_t offset) {
  const auto& starts = line_starts(file);
  const auto after = std::upper_bound(starts.begin(), starts.end(), offset);
  return static_cast<std::size_t>(after - starts.begin()) - 1;
}

}  // namespace

uint32_t Sources::add(std::string name, std::string text) {
  SourceFile& file = files_.emplace_back();
  file.name = std::move(name);
  file.text = std::move(text);
  readings_.push_back({static_cast<uint32_t>(files_.size() - 1), std::nullopt});
  return static_cast<uint32_t>(readings_.size() - 1);
}

std::optional<uint32_t> Sources::read(const std::string& path) {
  if (path == "-") return add_from(STDIN_FILENO, "<stdin>");
  const OpenFile file(path);
  return file.fd < 0 ? std::nullopt : add_from(file.fd, path);
}

std::optional<uint32_t> Sources::include(const std::string& path, Origin origin) {
  const OpenFile file(path);  // `-` is a name like others here
  if (file.fd < 0) return std::nullopt;
  const auto reading = add_from(file.fd, path);
  if (reading) {
    origin.is_include = true;
    readings_[*reading].origin = std::move(origin);
  }
  return reading;
}

// The text of an open file; the one that is known already when it is the same file.
std::optional<uint32_t> Sources::add_from(int fd, const std::string& name) {
  struct stat status {};
  if (::fstat(fd, &status) < 0) return std::nullopt;
  for (uint32_t file = 0; file < files_.size(); ++file) {
    if (files_[file].inode != status.st_ino || files_[file].device != status.st_dev) continue;
    readings_.push_back({file, std::nullopt});
    return static_cast<uint32_t>(readings_.size() - 1);
  }
  std::string text;
  if (const int error = read_all(fd, text); error != 0) {
    errno = error;
    return std::nullopt;
  }
  const uint32_t reading = add(name, std::move(text));
  files_.back().device = status.st_dev;
  files_.back().inode = status.st_ino;
  return reading;
}

uint32_t Sources::again(uint32_t reading, Origin origin) {
  readings_.push_back({readings_[reading].file, std::move(origin)});
  return static_cast<uint32_t>(readings_.size() - 1);
}

const Origin* Sources::origin(uint32_t reading) const {
  const auto& origin = readings_[reading].origin;
  return origin ? &*origin : nullptr;
}

std::string_view Sources::text(Span span) const {
  return std::string_view(file(span.file).text).substr(span.begin, span.end - span.begin);
}

Position Sources::position(uint32_t reading, uint32_t offset) const {
  const SourceFile& source = file(reading);
  const std::size_t index = line_index(source, offset);
  const std::string_view text = source.text;
  Position position{static_cast<uint32_t>(index + 1), 1};
  const std::size_t end = std::min<std::size_t>(offset, text.size());
  std::size_t at = line_starts(source)[index];
  if (source.last_offset >= at && source.last_offset <= end) {
    at = source.last_offset;
    position.column = source.last_column;
  }
  for (; at < end; at += utf8_step(text, at)) ++position.column;
  source.last_offset = static_cast<uint32_t>(at);
  source.last_column = position.column;
  return position;
}

bool Sources::blame(Span place) {
  auto& blamed = files_[text_of(place.file)].blamed;
  const auto at = std::ranges::lower_bound(blamed, place.begin);
  if (at != blamed.end() && *at == place.begin) return false;
  blamed.insert(at, place.begin);
  return true;
}

std::string_view Sources::line(uint32_t reading, uint32_t offset) const {
  const SourceFile& source = file(reading);
  const std::size_t begin = line_starts(source)[line_index(source, offset)];
  const std::size_t end = std::min(source.text.find('\n', begin), source.text.size());
  return std::string_view(source.text).substr(begin, end - begin);
}

}  // namespace mountc
