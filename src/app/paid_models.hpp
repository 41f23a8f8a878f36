#pragma once

#include <adgenome/app/provider_access.hpp>
#include <adgenome/core/time.hpp>
#include <adgenome/store/catalogue.hpp>
#include <adgenome/store/session.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace adgenome::app {

/// What is wrong with a picture that a model made; nothing where it can be used.
using PictureCheck = std::function<std::optional<std::string>(const providers::ModelPicture&)>;

/// The models of a run, with everything that costs money kept account of.
///
/// Each asking is a row of the ledger. An answer is stored under the key of its attempt before
/// anything is made of it, and is taken from there when the attempt is made again: after a kill, or
/// because a batch is repeated. With the cache an answer to the same request serves under any key.
/// An answer that cannot be used is asked for once more. Limits of a provider hold for all threads
/// together.
///
/// May be used from several threads, which then are the only ones to use the session, and by
/// themselves under store_lock() only.
class PaidModels {
 public:
  PaidModels(store::Session& session, const store::Brand& brand, const ProviderAccess& access,
             core::Time now);
  ~PaidModels();
  PaidModels(const PaidModels&) = delete;
  PaidModels& operator=(const PaidModels&) = delete;

  /// The language model of a provider; lives as long as this. Throws InvalidInput for a provider
  /// that has none, ProviderError where its key is missing.
  providers::LanguageModel& language(const std::string& provider);
  /// A picture by a provider that `check` has no objection to. Throws likewise.
  providers::MadePicture paint(const std::string& provider, const providers::ImageRequest& request,
                               const PictureCheck& check);
  /// Throws as paint() would before it asks anything: for a provider that cannot or may not paint.
  void expect_painter(const std::string& provider);

  /// How many calls of a provider may be under way at once.
  int concurrency(const std::string& provider);
  /// What an answer led to is stored, so that it is not needed any more (unless for the cache).
  void forget(const std::string& key);
  std::mutex& store_lock();
  /// What this run has paid so far.
  std::int64_t cost_micros() const;

 private:
  class Office;
  std::unique_ptr<Office> office_;
};

}  // namespace adgenome::app
