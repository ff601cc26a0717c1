// compiler/foreign/fields.h - members of JSON objects, of the kind that they have to be of.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "compiler/foreign/json.h"

namespace mountc {

// What is of another kind is reported, and then counts as missing; `null` does in any case.
class Fields {
 public:
  explicit Fields(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  const Json* member(const Json& object, std::string_view key, Json::Kind kind);
  std::string string(const Json& object, std::string_view key);
  uint32_t number(const Json& object, std::string_view key, uint32_t otherwise = 0);
  const std::vector<Json>& elements(const Json& object, std::string_view key);
  std::vector<std::string> strings(const Json& object, std::string_view key);

  void wrong(const Json& where, const std::string& why);
  bool failed() const { return failed_; }

 private:
  Diagnostics& diagnostics_;
  bool failed_ = false;
};

}  // namespace mountc
