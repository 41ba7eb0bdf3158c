#include "daemon/daemon.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "daemon/certificate.h"
#include "daemon/metrics.h"
#include "daemon/operator.h"
#include "daemon/process.h"
#include "daemon/web/client.h"
#include "delivery/reading.h"
#include "runtime/clock.h"
#include "sequencer/sequencer.h"
#include "sequencer/sequencer_thread.h"
#include "transport/admin_listener.h"
#include "transport/loops.h"

namespace enishi::daemon {
namespace {

using std::chrono::milliseconds;

template <class T>
T value_or_fail(core::Result<T> result, const std::string& about) {
  if (!result) {
    const auto code = core::errc_of(result.error());
    throw Failure{code, about + ": " + core::text_of(code)};
  }
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

std::uint32_t loops_wanted(const Settings& settings) {
  if (settings.listen.loops != 0) return settings.listen.loops;
  return std::max(1U, std::thread::hardware_concurrency());
}

/// The incarnation of this start: one number on, first position after everything committed.
core::Incarnation next_incarnation(const std::vector<core::Incarnation>& before, core::Position newest) {
  core::Incarnation incarnation;
  incarnation.number = before.empty() ? 1 : before.back().number + 1;
  auth::fill_random(&incarnation.random, sizeof incarnation.random);
  incarnation.first = core::Position{newest.value + 1};
  return incarnation;
}

/// Those who have joined. Walks the members in numbers' order: for an operator's question, not for a path of messages.
std::string member_count(const storage::Reader& reader) {
  try {
    std::uint64_t joined = 0;
    const auto greatest = reader.counters().member;
    for (std::uint64_t id = 1; id <= greatest; ++id) {
      const auto member = reader.member(core::MemberId{id});
      if (member && member->joined) ++joined;
    }
    return std::to_string(joined);
  } catch (const core::StoreError&) {
    return "unknown";
  }
}

transport::LoopsOptions loops_options(const Settings& settings, const Certificate& certificate,
                                      std::vector<core::Incarnation> all) {
  transport::LoopsOptions options;
  options.loops = loops_wanted(settings);
  options.floor.limits = settings.floor;
  options.tls = certificate.identity;
  options.authority = certificate.authority;
  options.floor.origins = settings.listen.public_url;
  if (options.floor.origins.empty()) options.floor.origins.emplace_back("loopback");
  options.floor.incarnation = all.back();
  options.floor.incarnations = std::move(all);
  options.head_time = settings.door.head_time;
  options.answer_time = settings.door.answer_time;
  options.head_bytes_max = settings.door.head_bytes_max;
  options.head_fields_max = settings.door.head_fields_max;
  options.handshakes_max = settings.door.handshakes_max;
  options.handshakes_per_address_max = settings.door.handshakes_per_address_max;
  options.guesses = {settings.door.secret_tries_per_address, settings.door.secret_tries_in_all};
  options.on_guess_alarm = [] {
    spdlog::warn("event=secret_tries_limit text=\"too many unknown secrets in an hour\"");
  };
  options.per_address_on_loopback = settings.door.per_address_on_loopback != 0;
  options.proxies = settings.proxy.trusted;
  options.sessions_max = settings.door.sessions_max;
  options.mailbox_items_max = settings.door.mailbox_items_max;
  options.queries_max = settings.door.queries_max;
  return options;
}

}  // namespace

class Daemon::Impl {
 public:
  Impl(Settings settings, DataDirectory directory, StoreFailed store_failed)
      : settings_(std::move(settings)), directory_(std::move(directory)), store_failed_(std::move(store_failed)) {}
  ~Impl() { stop(); }

  std::string start() {
    const auto wanted = listen_address(settings_);
    certificate_ = read_certificate(settings_);
    for (const auto& line : certificate_.warnings) spdlog::warn("event=certificate text=\"{}\"", line);
    // A daemon that is up can be given a new one; one that is not started serves nobody, not even those who watch it.
    if (!certificate_.fault.empty()) spdlog::error("event=certificate_unfit text=\"{}\"", certificate_.fault);
    web_ = read_web_client(settings_);
    foundation_.emplace(open_foundation(std::move(directory_), settings_.checked_bytes_max));
    decide();
    serve(wanted);
    administer();
    // Not before: what fails above is one line on standard error.
    for (const auto& line : std::exchange(foundation_->told, {})) spdlog::info("event=store text=\"{}\"", line);
    tell_web_client();
    // The last thing that can fail: a start that serves nobody uses no incarnation.
    value_or_fail(writer_->begin_incarnation(incarnation_), foundation_->directory.path());
    running_ = true;
    loops_->start();
    thread_->start([this](const sequencer::GroupPtr& group) { publish(group); }, store_failed_);
    admin_->start();
    loops_->set_ready(true);
    foundation_->directory.remember_origin(origin_);
    return origin_;
  }

  void stop() {
    if (!std::exchange(running_, false)) return;
    // One millisecond for each session, so that they do not all come back in the same instant.
    constexpr milliseconds kLeast{500}, kMost{30'000};
    loops_->drain(std::clamp(milliseconds{static_cast<std::int64_t>(loops_->sessions())}, kLeast, kMost));
    admin_->stop();
    thread_->stop();
    loops_->stop();
  }

  void reload() {
    if (certificate_.identity) reload_certificate();
    reload_web_client();
  }

  [[nodiscard]] const std::string& address() const noexcept { return address_; }

 private:
  void reload_certificate() {
    try {
      auto fresh = read_certificate(settings_);
      if (!fresh.fault.empty()) throw Failure{core::Errc::bad_configuration, fresh.fault};
      for (const auto& line : fresh.warnings) spdlog::warn("event=certificate text=\"{}\"", line);
      loops_->use(fresh.identity);
      certificate_ = std::move(fresh);
      spdlog::info("event=certificate_reloaded expires={}", transport::day_of(certificate_.identity->expires()));
    } catch (const Failure& failure) {
      spdlog::error("event=certificate_kept text=\"{}\"", failure.text);
    }
  }

  void reload_web_client() {
    try {
      auto fresh = read_web_client(settings_);
      // One that is there is not taken away by a build that is half done.
      if (web_.site && !fresh.site)
        throw Failure{core::Errc::bad_configuration,
                      fresh.warnings.empty() ? fresh.directory + " is no directory" : fresh.warnings.back()};
      web_ = std::move(fresh);
      loops_->use(web_.site);
      tell_web_client();
    } catch (const Failure& failure) {
      spdlog::error("event=web_client_kept text=\"{}\"", failure.text);
    }
  }

  void tell_web_client() const {
    for (const auto& line : web_.warnings) spdlog::warn("event=web_client text=\"{}\"", line);
    if (web_.site)
      spdlog::info("event=web_client files={} bytes={} directory=\"{}\"", web_.site->file_count(),
                   web_.site->byte_count(), web_.directory);
    else
      spdlog::info("event=web_client_none directory=\"{}\"", web_.directory);
  }

  /// The sequencer and its thread, not started.
  void decide() {
    auto& store = *foundation_->store;
    const auto& path = foundation_->directory.path();
    sequencer_reader_ = value_or_fail(store.open_reader(), path);
    incarnations_ = store.incarnations();
    incarnation_ = next_incarnation(incarnations_, sequencer_reader_->counters().position);
    incarnations_.push_back(incarnation_);
    writer_.emplace(store.writer(), commits_);
    sequencer_.emplace(*writer_, *sequencer_reader_, foundation_->seals, entropy_, settings_.floor.core, incarnation_);
    sequencer::SequencerThreadOptions options;
    options.inbox_commands_max = settings_.door.sequencer_inbox_max;
    options.group_commands_max = settings_.door.group_commands_max;
    thread_.emplace(*sequencer_, clock_, options);
  }

  /// Loops and readers, bound but not started.
  void serve(const Address& wanted) {
    delivery::ReadingLimits limits;
    limits.gap_events = settings_.floor.gap_events;
    limits.newest_page = std::min(limits.newest_page, limits.gap_events);
    limits.chunk_bytes = settings_.floor.catch_up_chunk_bytes;
    std::vector<transport::Loops::Answerer> answerers;
    for (std::uint32_t i = 0; i < settings_.readers; ++i) {
      std::shared_ptr<storage::Reader> reader =
          value_or_fail(foundation_->store->open_reader(), foundation_->directory.path());
      answerers.emplace_back([this, reader, limits](const delivery::Query& query) {
        return delivery::answer(*reader, query, limits, clock_.wall_now());
      });
    }
    auto options = loops_options(settings_, certificate_, incarnations_);
    options.site = web_.site;
    loops_.emplace(std::move(options), foundation_->seals, clock_, thread_->inbox(), std::move(answerers));
    Address bound = wanted;
    bound.port = value_or_fail(loops_->listen(wanted.host, wanted.port), address_text(wanted));
    address_ = address_text(bound);
    const std::string scheme = certificate_.identity ? "https://" : "http://";
    origin_ = settings_.listen.public_url.empty() ? scheme + address_ : settings_.listen.public_url.front();
  }

  /// The operator's door, bound but not started.
  void administer() {
    const auto& path = foundation_->directory.path();
    admin_reader_ = value_or_fail(foundation_->store->open_reader(), path);
    desk_.emplace(Desk::Parts{origin_, [this] { return metrics(); }, [this] { return status(); }, &thread_->inbox()});
    admin_.emplace([this](const transport::AdminRequest& request) { return desk_->answer(request); });
    value_or_fail(admin_->listen_unix(path), path + "/admin.sock");
    if (settings_.metrics_listen.empty()) return;
    const auto wanted = parse_address(settings_.metrics_listen);
    if (!wanted) throw Failure{core::Errc::bad_configuration, "metrics.listen must be empty or ADDR:PORT on loopback"};
    const auto port = value_or_fail(admin_->listen_loopback(wanted->host, wanted->port),
                                    "metrics.listen " + settings_.metrics_listen);
    spdlog::info("event=metrics_listening port={}", port);
  }

  /// Sequencer thread.
  void publish(const sequencer::GroupPtr& group) {
    desk_->on_group(*group);
    loops_->publish(group);
  }

  std::string metrics() { return metrics_text({*loops_, *thread_, commits_, foundation_->directory.path(), started_}); }

  std::string status() {
    const auto uptime = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now() - started_);
    return "running=yes\norigin=" + origin_ + "\naddress=" + address_ + "\nversion=" + kVersion +
           "\nmembers=" + member_count(*admin_reader_) + "\nsessions=" + std::to_string(loops_->sessions()) +
           "\nuptime_seconds=" + std::to_string(uptime.count()) + "\nrss_bytes=" + std::to_string(resident_bytes()) +
           "\n";
  }

  // In the order of construction: each may use those before it, and goes before them.
  const Settings settings_;
  DataDirectory directory_;
  const StoreFailed store_failed_;
  const std::chrono::system_clock::time_point started_ = std::chrono::system_clock::now();
  Certificate certificate_;
  WebClient web_;
  runtime::SystemClock clock_;
  SystemEntropy entropy_;
  CommitCounters commits_;
  std::optional<Foundation> foundation_;
  std::unique_ptr<storage::Reader> sequencer_reader_;
  std::unique_ptr<storage::Reader> admin_reader_;
  std::vector<core::Incarnation> incarnations_;
  core::Incarnation incarnation_;
  std::optional<MeasuredWriter> writer_;
  std::optional<sequencer::Sequencer> sequencer_;
  std::optional<sequencer::SequencerThread> thread_;
  std::optional<transport::Loops> loops_;
  std::optional<Desk> desk_;
  std::optional<transport::AdminListener> admin_;
  std::string address_, origin_;
  bool running_ = false;
};

Daemon::Daemon(Settings settings, DataDirectory directory, StoreFailed store_failed)
    : impl_(std::make_unique<Impl>(std::move(settings), std::move(directory), std::move(store_failed))) {}
Daemon::~Daemon() = default;
std::string Daemon::start() { return impl_->start(); }
void Daemon::reload() { impl_->reload(); }
void Daemon::stop() { impl_->stop(); }
const std::string& Daemon::address() const noexcept { return impl_->address(); }

}  // namespace enishi::daemon
