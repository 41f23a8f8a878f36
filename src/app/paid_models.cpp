#include "paid_models.hpp"

#include <adgenome/core/hash.hpp>
#include <adgenome/store/provider_calls.hpp>
#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <vector>

#include "generation_estimate.hpp"
#include "provider_gate.hpp"

namespace adgenome::app {
namespace {

using core::Json;
using core::ProviderError;
using providers::CallPurpose;
using providers::Endpoint;
using providers::Milliseconds;
using providers::Provider;
using providers::ProviderSettings;
using providers::Transport;

/// What a request is, whoever makes it: each part with its length in front.
class Fingerprint {
 public:
  Fingerprint& add(std::string_view part) {
    hash_.add(std::to_string(part.size()) + ":");
    hash_.add(part);
    return *this;
  }
  Fingerprint& add(const std::vector<providers::ModelPicture>& pictures) {
    for (const providers::ModelPicture& picture : pictures)
      add(picture.caption).add(picture.media_type).add(picture.bytes);
    return *this;
  }
  std::string hex() { return hash_.hex(); }

 private:
  core::Sha256 hash_;
};

/// A provider as this run uses it.
struct Desk {
  const Provider* provider;
  ProviderSettings settings;
  ProviderGate gate;
  std::once_flag is_opened = {};
  std::unique_ptr<providers::LanguageModel> language = nullptr;
};

std::string or_default(const std::string& own, std::string_view otherwise) {
  return own.empty() ? std::string(otherwise) : own;
}

}  // namespace

class PaidModels::Office {
 public:
  Office(store::Session& session, const store::Brand& brand, const ProviderAccess& access,
         core::Time now)
      : session_(session),
        brand_(brand),
        settings_(generation_settings(session, brand)),
        access_(access),
        now_(now) {}

  Desk& desk(const std::string& name) {
    const std::lock_guard lock(mutex_);
    auto found = desks_.find(name);
    if (found != desks_.end()) return *found->second;
    const Provider& provider = providers::find_provider(name);
    ProviderSettings settings = access_.settings(name);
    if (!settings.key) {
      throw ProviderError(
          "no key for " + name,
          "put it into the environment: " + std::string(provider.key_variables.front()) +
              ", or name its file with key-file in the section " + name + " of the config file");
    }
    const int places = std::max(settings.concurrency, 1);
    const double pace = settings.calls_a_minute;
    auto desk =
        std::unique_ptr<Desk>(new Desk{&provider, std::move(settings), {places, pace, access_}});
    return *desks_.emplace(name, std::move(desk)).first->second;
  }

  /// The bytes of an answer, and what they cost now. `ask` is given where to ask, and what was
  /// wrong with the answer before (nothing at first).
  struct Paid {
    std::string answer;
    std::int64_t cost_micros = 0;
  };
  using Ask = std::function<std::string(Endpoint, const std::string& fault)>;

  Paid pay(Desk& desk, const std::string& model, const CallPurpose& purpose,
           const std::string& request, const Ask& ask) {
    if (auto answer = find_earlier(desk, model, purpose, request)) return {*std::move(answer)};
    std::string fault;
    std::int64_t cost = 0;
    for (int asked = 1;; ++asked) {
      store::ProviderCall call = begin(desk, model, purpose);
      try {
        std::string answer = call_once(desk, model, purpose, ask, fault);
        cost += call.cost_micros = price_of(desk, purpose);
        call.state = "done";
        call.status = 200;
        keep(call, request, answer);
        return {std::move(answer), cost};
      } catch (const providers::UnusableAnswer& error) {
        if (error.is_paid) cost += call.cost_micros = price_of(desk, purpose);
        call.status = 200;
        fail(call, error);
        if (asked == 2) throw;
        fault = error.what();
        if (access_.note) access_.note(fault + ": asking once more");
      } catch (const providers::Refusal& error) {
        call.status = error.status;
        fail(call, error);
        throw;
      } catch (const core::Error& error) {
        fail(call, error);
        throw;
      }
    }
  }

  void forget(const std::string& key) {
    if (access_.uses_cache) return;
    const std::lock_guard lock(mutex_);
    store::drop_provider_answer(session_, brand_.id, key);
  }

  std::mutex& store_lock() { return mutex_; }

  std::int64_t cost_micros() {
    const std::lock_guard lock(mutex_);
    return cost_micros_;
  }

 private:
  std::optional<std::string> find_earlier(Desk& desk, const std::string& model,
                                          const CallPurpose& purpose, const std::string& request) {
    const std::lock_guard lock(mutex_);
    auto answer = store::find_provider_answer(session_, brand_.id, purpose.key, request);
    if (answer || !access_.uses_cache) return answer;
    answer = store::find_provider_answer(session_, brand_.id, request);
    if (!answer) return std::nullopt;
    store::Transaction transaction(session_);
    store::ProviderCall call = next_call(desk, model, purpose);
    call.state = "cached";
    call.finished_at = now_;
    store::insert_provider_call(session_, brand_.id, call);
    transaction.commit();
    return answer;
  }

  std::int64_t price_of(const Desk& desk, const CallPurpose& purpose) const {
    return price_micros(settings_, std::string(desk.provider->name), purpose.step);
  }

  store::ProviderCall next_call(Desk& desk, const std::string& model, const CallPurpose& purpose) {
    const std::int64_t attempt = store::last_provider_attempt(session_, brand_.id, purpose.key) + 1;
    // The id follows from the key and the attempt, so that the same run makes the same rows.
    return {.id = core::sha256_hex(purpose.key + "#" + std::to_string(attempt)).substr(0, 32),
            .provider = std::string(desk.provider->name),
            .step = purpose.step,
            .model = model,
            .subject_id = purpose.subject_id,
            .idempotency_key = purpose.key,
            .attempt = attempt,
            .started_at = now_};
  }

  store::ProviderCall begin(Desk& desk, const std::string& model, const CallPurpose& purpose) {
    const std::lock_guard lock(mutex_);
    store::Transaction transaction(session_);
    store::fail_started_provider_calls(
        session_, brand_.id, purpose.key,
        "interrupted before its answer came: the provider may have charged for it", now_);
    store::ProviderCall call = next_call(desk, model, purpose);
    store::insert_provider_call(session_, brand_.id, call);
    transaction.commit();
    return call;
  }

  void keep(store::ProviderCall& call, const std::string& request, const std::string& answer) {
    const std::lock_guard lock(mutex_);
    cost_micros_ += call.cost_micros;
    call.finished_at = now_;
    store::Transaction transaction(session_);
    store::finish_provider_call(session_, brand_.id, call);
    store::put_provider_answer(session_, brand_.id,
                               {.idempotency_key = call.idempotency_key,
                                .request_sha256 = request,
                                .answer = answer,
                                .answered_at = now_});
    transaction.commit();
  }

  void fail(store::ProviderCall& call, const core::Error& error) {
    const std::lock_guard lock(mutex_);
    cost_micros_ += call.cost_micros;
    call.state = "failed";
    call.error = error.what();
    call.finished_at = now_;
    store::finish_provider_call(session_, brand_.id, call);
  }

  std::string call_once(Desk& desk, const std::string& model, const CallPurpose& purpose,
                        const Ask& ask, const std::string& fault) {
    std::unique_ptr<Transport> transport = take_transport();
    GatedTransport gated(desk.gate, *transport);
    const double factor = desk.settings.wait_factor;
    providers::Client client(
        gated, {.attempts = desk.settings.tries},
        {.sleep =
             [&, factor](Milliseconds time) {
               access_.sleep(
                   Milliseconds(std::llround(static_cast<double>(time.count()) * factor)));
             },
         // Waits of an attempt are its own, whichever thread makes it.
         .jitter = core::RandomStream(access_.seed, "waits/" + purpose.key + fault),
         .note = access_.note});
    std::string answer = ask({.client = &client,
                              .key = *desk.settings.key,
                              .address = or_default(desk.settings.address, desk.provider->address),
                              .model = model,
                              .timeout = desk.settings.timeout,
                              .longest_wait = desk.settings.longest_wait},
                             fault);
    give_back(std::move(transport));
    return answer;
  }

  std::unique_ptr<Transport> take_transport() {
    {
      const std::lock_guard lock(mutex_);
      if (!transports_.empty()) {
        auto transport = std::move(transports_.back());
        transports_.pop_back();
        return transport;
      }
    }
    return access_.open_transport();
  }
  void give_back(std::unique_ptr<Transport> transport) {
    const std::lock_guard lock(mutex_);
    transports_.push_back(std::move(transport));
  }

  store::Session& session_;
  const store::Brand& brand_;
  Json settings_;
  const ProviderAccess& access_;
  core::Time now_;
  std::mutex mutex_;  // of everything below, and of the session
  std::map<std::string, std::unique_ptr<Desk>> desks_;
  std::vector<std::unique_ptr<Transport>> transports_;  // with their connections, for the next call
  std::int64_t cost_micros_ = 0;
};

namespace {

std::string language_model_of(const Desk& desk) {
  return or_default(desk.settings.language_model, desk.provider->language_model);
}

}  // namespace

/// A provider's language model, its answers paid and kept.
class PaidLanguage final : public providers::LanguageModel {
 public:
  using Pay = std::function<std::string(const providers::Question&)>;
  PaidLanguage(std::string version, Pay pay) : version_(std::move(version)), pay_(std::move(pay)) {}
  std::string version() const override { return version_; }
  Json ask(const providers::Question& question) override {
    return core::parse_json(pay_(question), "answer of " + version_);
  }

 private:
  std::string version_;
  Pay pay_;
};

namespace {

/// A language model with the account that it is kept in.
class OwnLanguage final : public providers::LanguageModel {
 public:
  OwnLanguage(std::unique_ptr<PaidModels> models, const std::string& provider)
      : models_(std::move(models)), model_(models_->language(provider)) {}
  std::string version() const override { return model_.version(); }
  Json ask(const providers::Question& question) override { return model_.ask(question); }

 private:
  std::unique_ptr<PaidModels> models_;
  providers::LanguageModel& model_;
};

}  // namespace

std::unique_ptr<providers::LanguageModel> open_language_model(store::Session& session,
                                                              const store::Brand& brand,
                                                              const ProviderAccess& access,
                                                              const std::string& provider,
                                                              core::Time now) {
  return std::make_unique<OwnLanguage>(std::make_unique<PaidModels>(session, brand, access, now),
                                       provider);
}

PaidModels::PaidModels(store::Session& session, const store::Brand& brand,
                       const ProviderAccess& access, core::Time now)
    : office_(std::make_unique<Office>(session, brand, access, now)) {}

PaidModels::~PaidModels() = default;

providers::LanguageModel& PaidModels::language(const std::string& provider) {
  Desk& desk = office_->desk(provider);
  if (!desk.provider->language)
    throw core::InvalidInput(provider + " has no model that reads pictures");
  std::call_once(desk.is_opened, [&] {
    const std::string model = language_model_of(desk);
    const std::string version = provider + "/" + model;
    desk.language = std::make_unique<PaidLanguage>(
        version, [this, &desk, model, version](const providers::Question& question) {
          Fingerprint request;
          request.add(version).add(std::to_string(question.purpose.sample));
          request.add(question.instructions).add(question.schema);
          for (const std::string& text : question.texts) request.add(text);
          request.add(question.pictures);
          return office_
              ->pay(desk, model, question.purpose, request.hex(),
                    [&](Endpoint endpoint, const std::string& fault) {
                      providers::Question again = question;
                      if (!fault.empty()) {
                        again.texts.push_back("Your last answer could not be used (" + fault +
                                              "). Answer again, exactly by the schema.");
                      }
                      return core::dump(desk.provider->language(std::move(endpoint))->ask(again));
                    })
              .answer;
        });
  });
  return *desk.language;
}

void PaidModels::expect_painter(const std::string& provider) {
  if (!office_->desk(provider).provider->image)
    throw core::InvalidInput(provider + " makes no pictures", "gemini and openai do");
}

providers::MadePicture PaidModels::paint(const std::string& provider,
                                         const providers::ImageRequest& request,
                                         const PictureCheck& check) {
  expect_painter(provider);
  Desk& desk = office_->desk(provider);
  const std::string model = or_default(desk.settings.image_model, desk.provider->image_model);
  Fingerprint print;
  print.add(provider + "/" + model).add(request.prompt);
  print.add(std::to_string(request.width)).add(std::to_string(request.height));
  print.add(request.references);
  const auto paid = office_->pay(
      desk, model, request.purpose, print.hex(), [&](Endpoint endpoint, const std::string&) {
        const auto made = desk.provider->image(std::move(endpoint))->paint(request);
        if (const auto fault = check(made.picture))
          throw providers::UnusableAnswer(provider + " sends " + *fault, true);
        return made.picture.bytes;
      });
  return {.picture = {.caption = {},
                      .media_type = providers::media_type_of(paid.answer),
                      .bytes = paid.answer},
          .cost_micros = paid.cost_micros};
}

int PaidModels::concurrency(const std::string& provider) {
  return std::max(office_->desk(provider).settings.concurrency, 1);
}

void PaidModels::forget(const std::string& key) {
  office_->forget(key);
}

std::mutex& PaidModels::store_lock() {
  return office_->store_lock();
}

std::int64_t PaidModels::cost_micros() const {
  return office_->cost_micros();
}

}  // namespace adgenome::app
