#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace adgenome::providers {

using Milliseconds = std::chrono::milliseconds;
using NamedTexts = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
  std::string method = "GET";
  std::string url;
  NamedTexts headers = {};  ///< may hold a secret: never shown
  std::string body = {};
  Milliseconds connect_timeout{10'000};
  Milliseconds timeout{180'000};                   ///< of the whole transfer
  std::size_t most_bytes = std::size_t{64} << 20;  ///< of the answer's body, decompressed
};

struct HttpResponse {
  int status = 0;
  NamedTexts headers;  ///< names in lower case
  std::string body;

  /// The value of a header by its lower-case name.
  std::optional<std::string> header(std::string_view name) const;
};

/// Why there is no whole answer.
struct TransportFailure {
  enum class Kind {
    kUnreachable,  ///< no such host, no connection
    kTimeout,
    kCut,       ///< the connection ended before the answer did
    kTooLarge,  ///< the answer is larger than the request allows
    kRefused,   ///< by us: a certificate that does not hold, an address that is none
  };
  Kind kind;
  std::string message;
  bool is_passing() const { return kind != Kind::kTooLarge && kind != Kind::kRefused; }
};

struct HttpResult {
  HttpResponse response;
  std::optional<TransportFailure> failure;
};

/// What carries one request to a server and its answer back, without judging either.
class Transport {
 public:
  virtual ~Transport() = default;
  virtual HttpResult send(const HttpRequest& request) = 0;
};

/// HTTP and HTTPS by libcurl, which is loaded now: certificates are checked, redirects are not
/// followed (they would carry secrets to other hosts), connections are kept, a proxy is taken from
/// the environment (https_proxy, http_proxy, no_proxy).
std::unique_ptr<Transport> open_http_transport();

/// "name=value&name=value", percent-encoded: a query, or the body of a form.
std::string form_encode(const NamedTexts& fields);

/// The address, without slashes at its end: https, or http of this machine (tests, a gateway), so
/// that a key is sent in clear to nobody else. Throws InvalidInput otherwise.
std::string checked_address(std::string address);

/// The address without its query: what may stand in a log or an error.
std::string shown_url(std::string_view url);

}  // namespace adgenome::providers
