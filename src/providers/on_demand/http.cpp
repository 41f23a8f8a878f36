#include <curl/curl.h>

#include <adgenome/core/error.hpp>
#include <adgenome/core/text.hpp>
#include <adgenome/providers/http.hpp>

namespace adgenome::providers {
namespace {

TransportFailure::Kind kind_of(CURLcode code) {
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
      return TransportFailure::Kind::kTimeout;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
      return TransportFailure::Kind::kUnreachable;
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
      return TransportFailure::Kind::kRefused;
    default:
      return TransportFailure::Kind::kCut;
  }
}

/// One transfer: what libcurl's callbacks fill.
struct Transfer {
  const HttpRequest& request;
  HttpResponse response;
  bool is_too_large = false;
};

extern "C" std::size_t take_body(char* bytes, std::size_t, std::size_t count, void* to) {
  auto& transfer = *static_cast<Transfer*>(to);
  if (transfer.response.body.size() + count > transfer.request.most_bytes) {
    transfer.is_too_large = true;
    return 0;
  }
  transfer.response.body.append(bytes, count);
  return count;
}

extern "C" std::size_t take_header(char* bytes, std::size_t, std::size_t count, void* to) {
  auto& headers = static_cast<Transfer*>(to)->response.headers;
  const std::string_view line = core::trim(std::string_view(bytes, count));
  if (line.starts_with("HTTP/")) headers.clear();  // of an interim answer, or of a proxy
  const std::size_t colon = line.find(':');
  if (colon != std::string_view::npos) {
    headers.emplace_back(core::to_lower(line.substr(0, colon)), core::trim(line.substr(colon + 1)));
  }
  return count;
}

class HeaderList {
 public:
  explicit HeaderList(const NamedTexts& headers) {
    for (const auto& [name, value] : headers) add(name + ": " + value);
    // Not to be asked for leave before a body is sent: that costs a round trip.
    add("Expect:");
  }
  ~HeaderList() { curl_slist_free_all(list_); }
  HeaderList(const HeaderList&) = delete;
  HeaderList& operator=(const HeaderList&) = delete;
  curl_slist* get() const { return list_; }

 private:
  void add(const std::string& line) { list_ = curl_slist_append(list_, line.c_str()); }
  curl_slist* list_ = nullptr;
};

class CurlTransport final : public Transport {
 public:
  CurlTransport() {
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK || !(handle_ = curl_easy_init())) {
      throw core::ProviderError("libcurl cannot be started");
    }
  }
  ~CurlTransport() override { curl_easy_cleanup(handle_); }
  CurlTransport(const CurlTransport&) = delete;
  CurlTransport& operator=(const CurlTransport&) = delete;

  HttpResult send(const HttpRequest& request) override {
    // Forgets the options of the last request and keeps its connection.
    curl_easy_reset(handle_);
    Transfer transfer{.request = request, .response = {}};
    const HeaderList headers(request.headers);
    char error[CURL_ERROR_SIZE] = "";
    set(CURLOPT_URL, request.url.c_str());
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request.connect_timeout.count()));
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout.count()));
    set(CURLOPT_ACCEPT_ENCODING, "");  // all that libcurl can undo
    set(CURLOPT_USERAGENT, "adgenome");
    set(CURLOPT_HTTPHEADER, headers.get());
    set(CURLOPT_ERRORBUFFER, error);
    set(CURLOPT_WRITEFUNCTION, take_body);
    set(CURLOPT_WRITEDATA, &transfer);
    set(CURLOPT_HEADERFUNCTION, take_header);
    set(CURLOPT_HEADERDATA, &transfer);
    if (request.method == "POST") {
      set(CURLOPT_POST, 1L);
      set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
      set(CURLOPT_POSTFIELDS, request.body.data());
    } else if (request.method != "GET") {
      set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
    }

    const CURLcode code = curl_easy_perform(handle_);
    if (transfer.is_too_large) {
      return {
          .response = {},
          .failure = TransportFailure{.kind = TransportFailure::Kind::kTooLarge,
                                      .message = "the answer has more than " +
                                                 std::to_string(request.most_bytes) + " bytes"}};
    }
    if (code != CURLE_OK) {
      std::string message = core::to_lower(curl_easy_strerror(code));
      if (*error != '\0') message += std::string(" (") + error + ")";
      return {.response = {},
              .failure = TransportFailure{.kind = kind_of(code), .message = std::move(message)}};
    }
    long status = 0;
    curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &status);
    transfer.response.status = static_cast<int>(status);
    return {.response = std::move(transfer.response), .failure = std::nullopt};
  }

 private:
  template <class T>
  void set(CURLoption option, T value) {
    if (const CURLcode code = curl_easy_setopt(handle_, option, value); code != CURLE_OK) {
      throw core::ProviderError(std::string("libcurl refuses an option: ") +
                                curl_easy_strerror(code));
    }
  }
  CURL* handle_ = nullptr;
};

}  // namespace
}  // namespace adgenome::providers

extern "C" adgenome::providers::Transport* adgenome_module_http() {
  return new adgenome::providers::CurlTransport();
}
