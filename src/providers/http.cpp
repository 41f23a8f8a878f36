#include <adgenome/core/error.hpp>
#include <adgenome/core/module_loader.hpp>
#include <adgenome/providers/http.hpp>

namespace adgenome::providers {
namespace {

void append_encoded(std::string& out, std::string_view text) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  for (const char c : text) {
    const bool is_plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                          (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == '_' || c == '~';
    if (is_plain) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += {'%', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
}

}  // namespace

std::optional<std::string> HttpResponse::header(std::string_view name) const {
  for (const auto& [its_name, value] : headers) {
    if (its_name == name) return value;
  }
  return std::nullopt;
}

std::unique_ptr<Transport> open_http_transport() {
  return std::unique_ptr<Transport>(core::create_from_module<Transport>("http"));
}

std::string form_encode(const NamedTexts& fields) {
  std::string out;
  for (const auto& [name, value] : fields) {
    if (!out.empty()) out += '&';
    append_encoded(out, name);
    out += '=';
    append_encoded(out, value);
  }
  return out;
}

std::string checked_address(std::string address) {
  while (address.ends_with('/')) address.pop_back();
  if (address.starts_with("https://")) return address;
  for (const std::string_view local : {"http://127.0.0.1", "http://localhost", "http://[::1]"}) {
    if (!address.starts_with(local)) continue;
    const char next = address.size() == local.size() ? '/' : address[local.size()];
    if (next == ':' || next == '/') return address;
  }
  throw core::InvalidInput("\"" + address + "\" is not an address that a key can be sent to",
                           "it begins with https://, or with http:// on this machine only");
}

std::string shown_url(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  return std::string(url.substr(0, url.find('?')));
}

}  // namespace adgenome::providers
