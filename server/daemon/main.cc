// enishid: arguments, standard streams, exit codes. Everything else is in the rooms.
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "daemon/certificate.h"
#include "daemon/configuration.h"
#include "daemon/daemon.h"
#include "daemon/data_directory.h"
#include "daemon/metrics.h"
#include "daemon/operator.h"
#include "daemon/process.h"
#include "daemon/web/client.h"

namespace enishi::daemon {
namespace {

constexpr int kDone = 0, kRefused = 1, kUsage = 2;

// A stop is a few seconds; whoever supervises us kills after ten. Nothing that was acknowledged waits to be written, so
// ending earlier loses nothing.
constexpr unsigned kStopSecondsMax = 9;

struct Arguments {
  std::string data, config, listen, expires = "7d", note;
  std::vector<std::string> set;
  std::uint32_t uses = 1;
};

int complain(const char* code, const std::string& text, int exit) {
  std::fprintf(stderr, "enishid: %s: %s\n", code, text.c_str());
  return exit;
}

int complain(core::Errc code, const std::string& text) { return complain(core::name_of(code), text, kRefused); }

int complain_of_usage(const std::string& text) { return complain("USAGE", text + " (see enishid --help)", kUsage); }

Configuration configuration_of(const Arguments& arguments) {
  Sources sources;
  if (!arguments.config.empty()) {
    sources.file_name = arguments.config;
    sources.file_text = read_file(arguments.config);
  }
  sources.environment = environment();
  for (const auto& pair : arguments.set) {
    const auto equals = pair.find('=');
    sources.flags.emplace_back(pair.substr(0, equals), equals == std::string::npos ? "" : pair.substr(equals + 1));
  }
  if (!arguments.listen.empty()) sources.flags.emplace_back("listen.address", arguments.listen);
  return read_configuration(sources);
}

int check_config(const Arguments& arguments) {
  const auto configuration = configuration_of(arguments);
  (void)listen_address(configuration.settings);
  const auto certificate = read_certificate(configuration.settings);
  if (!certificate.fault.empty()) return complain(core::Errc::bad_configuration, certificate.fault);
  for (const auto& line : certificate.warnings) std::printf("note: %s\n", line.c_str());
  const auto web = read_web_client(configuration.settings);
  for (const auto& line : web.warnings) std::printf("note: %s\n", line.c_str());
  if (!web.site)
    std::printf("note: no web client is served: %s\n",
                web.directory.empty() ? "web.directory is empty" : (web.directory + " holds none").c_str());
  for (const auto& line : remarks(configuration.settings)) std::printf("note: %s\n", line.c_str());
  for (const auto& line : configuration.unknown) complain(core::Errc::bad_configuration, line);
  if (!configuration.unknown.empty()) return kRefused;
  std::printf("ok: %s\n", arguments.config.empty() ? "defaults and environment" : arguments.config.c_str());
  return kDone;
}

/// Ends the process where it stands. Other threads are at work, so nothing that runs at an ordinary exit may run: not
/// even what a library hangs on _exit, which would look for threads that nobody joined.
[[noreturn]] void end_now(int code) {
  syscall(SYS_exit_group, code);
  std::abort();
}

/// From here on a second stop signal, or too long a stop, ends the process at once.
void hurry_on_second_signal() {
  for (const int signal : {SIGTERM, SIGINT, SIGALRM}) std::signal(signal, [](int) { end_now(kDone); });
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
  alarm(kStopSecondsMax);
}

void end_on_store_failure() {
  spdlog::error("event=store_failed");
  spdlog::default_logger_raw()->flush();
  complain(core::Errc::store_failed, core::text_of(core::Errc::store_failed));
  end_now(kRefused);
}

int run(const Arguments& arguments) {
  auto configuration = configuration_of(arguments);
  const auto& settings = configuration.settings;
  set_up_log(settings);
  for (const auto& line : configuration.unknown) spdlog::warn("event=configuration text=\"{}\"", line);
  (void)listen_address(settings);  // refused before anything is made
  block_signals();

  // A command that makes an invitation without a daemon holds the lock for a moment: that is waited for.
  auto locked = DataDirectory::try_lock(arguments.data);
  for (int tries = 0; !locked && tries < 20; ++tries) {
    if (next_signal(std::chrono::milliseconds{50}) == Signal::stop) return kDone;
    locked = DataDirectory::try_lock(arguments.data);
  }
  if (!locked)
    throw Failure{core::Errc::data_dir_locked, arguments.data + ": " + core::text_of(core::Errc::data_dir_locked)};

  Daemon daemon(settings, std::move(*locked), end_on_store_failure);
  const auto origin = daemon.start();
  spdlog::info("event=listening origin={} address={}", origin, daemon.address());
  std::printf("ready %s\n", origin.c_str());
  std::fflush(stdout);
  std::clearerr(stdout);  // nobody waits for "ready"; that is no reason not to serve
  for (auto signal = Signal::none; signal != Signal::stop; signal = next_signal(std::chrono::hours{1}))
    if (signal == Signal::reload) daemon.reload();
  spdlog::info("event=stopping");
  hurry_on_second_signal();
  daemon.stop();
  spdlog::info("event=stopped");
  return kDone;
}

int invite(const Arguments& arguments) {
  const auto lifetime = parse_duration(arguments.expires);
  if (!lifetime) return complain_of_usage("--expires takes a duration such as 30m, 12h or 7d");
  InviteWish wish{arguments.uses, std::chrono::duration_cast<std::chrono::seconds>(*lifetime), arguments.note};
  const auto configuration = configuration_of(arguments);
  auto quiet = configuration.settings;
  quiet.log_level = "warn";
  quiet.log_file.clear();
  set_up_log(quiet);
  if (wish.uses < 1 || wish.uses > quiet.floor.core.invitation_uses_max)
    throw Failure{core::Errc::bad_request, "--uses takes 1 to " + std::to_string(quiet.floor.core.invitation_uses_max)};
  if (wish.lifetime < std::chrono::seconds{1} || wish.lifetime > std::chrono::hours{24 * 366})
    throw Failure{core::Errc::bad_request, "--expires takes 1s to 366d"};
  std::printf("%s\n", make_invitation(arguments.data, configuration.settings, wish).c_str());
  return kDone;
}

int status(const Arguments& arguments) {
  std::fputs(status_text(arguments.data).c_str(), stdout);
  return kDone;
}

/// The subcommands and their help. `chosen` is set to what is to be done.
void describe(CLI::App& app, Arguments& arguments, std::function<int(const Arguments&)>& chosen) {
  const auto data = [&](CLI::App* command) {
    command->add_option("--data", arguments.data, "Data directory; made (0700) where it is not there")
        ->required()
        ->type_name("DIR");
  };
  const auto config = [&](CLI::App* command) {
    command->add_option("--config", arguments.config, "Configuration file (config/enishid.toml shows every key)")
        ->type_name("FILE");
    command->add_option("--set", arguments.set, "One key, over file and environment; may be repeated")
        ->type_name("SECTION.KEY=VALUE")
        ->allow_extra_args(false);
  };
  auto* runner = app.add_subcommand(
      "run",
      "Serve until SIGTERM. Prints \"ready ORIGIN\" when it does. SIGHUP: read certificate, key and web client again");
  data(runner);
  runner->add_option("--listen", arguments.listen, "Where devices connect, e.g. 127.0.0.1:8470; port 0: any free one")
      ->type_name("ADDR:PORT");
  config(runner);
  runner->callback([&] { chosen = run; });

  auto* inviter = app.add_subcommand("invite", "Print an invitation link. Works with and without a running daemon");
  data(inviter);
  inviter->add_option("--uses", arguments.uses, "Accounts it may create")->type_name("N")->capture_default_str();
  inviter->add_option("--expires", arguments.expires, "How long it works: 30m, 12h, 7d")
      ->type_name("TIME")
      ->capture_default_str();
  inviter->add_option("--note", arguments.note, "For your list of invitations; the invited person does not see it")
      ->type_name("TEXT");
  config(inviter);
  inviter->callback([&] { chosen = invite; });

  auto* teller = app.add_subcommand("status", "Say how the daemon of a data directory does, as key=value lines");
  data(teller);
  teller->callback([&] { chosen = status; });

  auto* checker = app.add_subcommand("check-config", "Check a configuration; exits 1 and names what is wrong");
  config(checker);
  checker->callback([&] { chosen = check_config; });

  app.add_subcommand("config", "Print the default configuration, every key explained")->callback([&] {
    chosen = [](const Arguments&) { return std::fputs(default_file().c_str(), stdout) < 0 ? kRefused : kDone; };
  });
  app.add_subcommand("version", "Print the version")->callback([&] {
    chosen = [](const Arguments&) { return std::printf("enishid %s\n", kVersion) < 0 ? kRefused : kDone; };
  });
}

int command_line(int argc, char** argv) {
  CLI::App app{"enishid: the daemon of Enishi, a messenger that friends host for themselves", "enishid"};
  Arguments arguments;
  std::function<int(const Arguments&)> chosen;
  bool check = false;
  describe(app, arguments, chosen);
  app.set_version_flag("--version", std::string("enishid ") + kVersion);
  app.add_flag("--check-config", check, "The same as check-config");
  app.add_option("--config", arguments.config, "With --check-config: the file")->type_name("FILE");
  app.footer("A failure ends with exit code 1 and one line \"enishid: CODE: text\"; wrong usage with 2.");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const bool help = error.get_exit_code() == 0;
    if (!help) return complain_of_usage(error.what());
    (void)app.exit(error);
    return kDone;
  }
  if (check) chosen = check_config;
  if (!chosen) return complain_of_usage("a command is missing");
  const int code = chosen(arguments);
  const bool written = std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
  if (code != kDone || written) return code;
  return complain("OUTPUT_LOST", "this was done, but its result could not be written to standard output", kRefused);
}

}  // namespace
}  // namespace enishi::daemon

int main(int argc, char** argv) {
  using enishi::daemon::complain;
  umask(077);
  enishi::daemon::harden_process();
  try {
    return enishi::daemon::command_line(argc, argv);
  } catch (const enishi::daemon::Failure& failure) {
    return complain(failure.code, failure.text);
  } catch (const enishi::core::StoreError& error) {
    return complain(error.code, enishi::core::text_of(error.code));
  } catch (const std::exception& error) {
    return complain(enishi::core::Errc::store_failed, error.what());
  }
}
