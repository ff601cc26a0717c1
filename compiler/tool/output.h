// compiler/tool/output.h - where results and messages go.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "compiler/source/source.h"
#include "compiler/tool/exits.h"

namespace mountc::tool {

// Writes to `path`, or to standard output (`-`). A file appears complete or not at all: it is
// written beside and renamed. Exit::usage, with a message, when it cannot be written.
Exit write_text(std::string_view text, const std::string& path);
// The same, but never to a terminal.
Exit write_plan(std::string_view bytes, const std::string& path);

// Is `path` one of the files that were read, by whatever name? Then writing it would lose what
// it was read for; that is printed, and the status is Exit::usage.
bool is_input(const std::string& read, const std::string& path);
bool is_input(const Sources& sources, const std::string& path);

// `input` with the ending `from` replaced by `to`; standard input goes to standard output.
std::string default_output(const std::string& input, std::string_view from,
                           std::string_view to);

// Writes as much of it as can be written; 0, or the errno.
int write_to(int fd, std::string_view text);

// A plan with this many slots, or with any number, may hold more descriptors at once than the
// soft limit allows.
void raise_descriptor_limit(size_t slots = SIZE_MAX / 2);

// "mountc: error: MESSAGE" on standard error.
void print_error(std::string_view message);
// The same with a pointer to the help of `command`; Exit::usage.
Exit usage_error(std::string_view message, std::string_view command);
// A file that cannot be read; errno says why. Exit::usage.
Exit cannot_read(const std::string& path);
// A file that cannot be written. Exit::usage.
Exit cannot_write(const std::string& path, int error);

}  // namespace mountc::tool
