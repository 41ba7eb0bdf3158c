#include "daemon/configuration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "support/process.h"

namespace enishi::daemon {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Configuration read_text(const std::string& toml) { return read_configuration({"f.toml", toml, {}, {}}); }

/// The words of the refusal; empty: there was none.
std::string refusal(const Sources& sources) {
  try {
    (void)read_configuration(sources);
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.code, core::Errc::bad_configuration);
    return failure.text;
  }
  return {};
}
std::string refusal(const std::string& toml) { return refusal(Sources{"f.toml", toml, {}, {}}); }

/// All values of `settings` as texts, by key.
std::vector<std::string> values(Settings settings) {
  std::vector<std::string> all;
  for (const auto& key : keys()) {
    all.push_back(key.full_name() + "=" +
                  std::visit(
                      [](auto* value) -> std::string {
                        using Value = std::remove_pointer_t<decltype(value)>;
                        if constexpr (std::is_same_v<Value, std::string>) {
                          return *value;
                        } else if constexpr (std::is_same_v<Value, std::vector<std::string>>) {
                          std::string text;
                          for (const auto& item : *value) text += item + ";";
                          return text;
                        } else if constexpr (std::is_same_v<Value, std::chrono::milliseconds>) {
                          return duration_text(*value);
                        } else {
                          return std::to_string(*value);
                        }
                      },
                      key.target(settings)));
  }
  return all;
}

TEST(Configuration, ShippedFileIsTheTable) {
  EXPECT_EQ(read_file(test::source_file("config/enishid.toml")), default_file())
      << "config/enishid.toml is what `enishid config` prints";
}

TEST(Configuration, ShippedFileNamesEveryKeyWithItsDefault) {
  const auto text = read_file(test::source_file("config/enishid.toml"));
  const auto shipped = read_text(text);
  EXPECT_THAT(shipped.unknown, IsEmpty());
  EXPECT_EQ(values(shipped.settings), values(Settings{}));
  for (const auto& key : keys())
    EXPECT_THAT(text, HasSubstr("\n" + std::string(key.name) + " = " + default_text(key) + "\n"));
}

TEST(Configuration, TableIsSound) {
  std::set<std::string> names;
  for (const auto& key : keys()) {
    EXPECT_TRUE(names.insert(key.full_name()).second) << key.full_name() << " twice";
    EXPECT_FALSE(key.help.empty()) << key.full_name();
    EXPECT_FALSE(key.unit.empty()) << key.full_name();
    EXPECT_TRUE(key.help.ends_with('.')) << key.full_name();
    Settings defaults;
    const auto target = key.target(defaults);
    const auto* list = std::get_if<std::vector<std::string>*>(&target);
    EXPECT_TRUE(!list || (*list)->empty()) << key.full_name();
  }
}

TEST(Configuration, NoTwoKeysShareAPlace) {
  Settings settings;
  std::set<const void*> places;
  for (const auto& key : keys())
    std::visit([&](auto* place) { EXPECT_TRUE(places.insert(place).second) << key.full_name(); }, key.target(settings));
}

TEST(Configuration, EveryKeyIsSetByFileEnvironmentAndFlag) {
  for (const auto& key : keys()) {
    Settings defaults;
    const auto target = key.target(defaults);
    const bool is_text =
        std::holds_alternative<std::string*>(target) || std::holds_alternative<std::vector<std::string>*>(target);
    if (is_text) continue;  // their forms are tested one by one below
    const bool is_duration = std::holds_alternative<std::chrono::milliseconds*>(target);
    const auto value =
        is_duration ? duration_text(std::chrono::milliseconds{key.minimum}) : std::to_string(key.minimum);
    const auto toml = "[" + std::string(key.section) + "]\n" + std::string(key.name) + " = " +
                      (is_duration ? "\"" + value + "\"" : value);
    const auto by_file = values(read_text(toml).settings);
    EXPECT_EQ(by_file, values(read_configuration({"", "", {{key.environment_name(), value}}, {}}).settings))
        << key.full_name();
    EXPECT_EQ(by_file, values(read_configuration({"", "", {}, {{key.full_name(), value}}}).settings))
        << key.full_name();
    EXPECT_THAT(by_file, ::testing::Contains(key.full_name() + "=" + value));
  }
}

TEST(Configuration, FlagsGoOverEnvironmentOverFile) {
  Sources sources{"f.toml", "[listen]\naddress = \"127.0.0.1:1\"\nloops = 1\n[log]\nlevel = \"debug\"", {}, {}};
  sources.environment = {{"ENISHI_LISTEN_ADDRESS", "127.0.0.1:2"}, {"ENISHI_LISTEN_LOOPS", "2"}};
  sources.flags = {{"listen.address", "127.0.0.1:3"}};
  const auto settings = read_configuration(sources).settings;
  EXPECT_EQ(settings.listen.address, "127.0.0.1:3");
  EXPECT_EQ(settings.listen.loops, 2U);
  EXPECT_EQ(settings.log_level, "debug");
}

TEST(Configuration, ListsInTheEnvironmentStandBetweenCommas) {
  const auto settings =
      read_configuration(
          {"", "", {{"ENISHI_PROXY_TRUSTED", "10.0.0.0/8, 127.0.0.1"}, {"ENISHI_LISTEN_PUBLIC_URL", ""}}, {}})
          .settings;
  EXPECT_EQ(settings.proxy.trusted, (std::vector<std::string>{"10.0.0.0/8", "127.0.0.1"}));
  EXPECT_THAT(settings.listen.public_url, IsEmpty());
}

TEST(Configuration, KeysThatWereRenamedAreStillRead) {
  const auto by_file = read_text("[listen]\nproxies = [\"10.0.0.1\"]\npublic_names = [\"https://a.example\"]\n");
  EXPECT_THAT(by_file.unknown, IsEmpty());
  EXPECT_EQ(by_file.settings.proxy.trusted, std::vector<std::string>{"10.0.0.1"});
  EXPECT_EQ(by_file.settings.listen.public_url, std::vector<std::string>{"https://a.example"});
  const auto by_environment = read_configuration({"", "", {{"ENISHI_LISTEN_PROXIES", "10.0.0.2"}}, {}});
  EXPECT_THAT(by_environment.unknown, IsEmpty());
  EXPECT_EQ(by_environment.settings.proxy.trusted, std::vector<std::string>{"10.0.0.2"});
}

TEST(Configuration, UnknownKeysAreNamedWithPlaceAndNearest) {
  const auto unknown = read_text("[limits]\n\nbody_byte_max = 5\n[listn]\naddress = 1\n").unknown;
  ASSERT_EQ(unknown.size(), 2U);
  EXPECT_EQ(unknown[0], "f.toml:3: unknown key limits.body_byte_max; did you mean limits.body_bytes_max?");
  EXPECT_EQ(unknown[1], "f.toml:5: unknown key listn.address; did you mean listen.address?");
  const auto variable =
      read_configuration({"", "", {{"ENISHI_LIMITS_BODY_BYTE_MAX", "5"}, {"ENISHI_SEEDS", "1"}, {"PATH", "x"}}, {}})
          .unknown;
  EXPECT_EQ(variable,
            std::vector<std::string>{
                "environment: unknown key ENISHI_LIMITS_BODY_BYTE_MAX; did you mean ENISHI_LIMITS_BODY_BYTES_MAX?"});
  EXPECT_EQ(read_configuration({"", "", {}, {{"log.levle", "info"}}}).unknown.size(), 1U);
  EXPECT_EQ(read_text("address = \"127.0.0.1:1\"").unknown.size(), 1U) << "a key outside of a section";
}

TEST(Configuration, WrongTypesNameKeyAndLine) {
  EXPECT_EQ(refusal("[limits]\nbody_bytes_max = \"5\""), "f.toml:2: limits.body_bytes_max must be a whole number");
  EXPECT_THAT(refusal("[limits]\nbody_bytes_max = 5.5"), HasSubstr("f.toml:2: limits.body_bytes_max"));
  EXPECT_THAT(refusal("[limits]\nbody_bytes_max = true"), HasSubstr("f.toml:2: limits.body_bytes_max"));
  EXPECT_THAT(refusal("[limits]\nstall_time = 60"), HasSubstr("f.toml:2: limits.stall_time must be a duration"));
  EXPECT_THAT(refusal("[listen]\naddress = 8470"), HasSubstr("f.toml:2: listen.address must be a text"));
  EXPECT_THAT(refusal("[proxy]\ntrusted = \"10.0.0.1\""), HasSubstr("f.toml:2: proxy.trusted must be a list"));
  EXPECT_THAT(refusal("[proxy]\ntrusted = [1]"), HasSubstr("f.toml:2: proxy.trusted must be a list of texts"));
  EXPECT_THAT(refusal("[limits]\nbody_bytes_max = 1979-05-27"), HasSubstr("f.toml:2: limits.body_bytes_max"));
}

TEST(Configuration, ValuesOutOfRangeNameTheRange) {
  EXPECT_EQ(refusal("[limits]\nbody_bytes_max = 0"), "f.toml:2: limits.body_bytes_max must be 1 to 16384, not 0");
  EXPECT_EQ(refusal("[limits]\nbody_bytes_max = 16385"),
            "f.toml:2: limits.body_bytes_max must be 1 to 16384, not 16385");
  EXPECT_THAT(refusal("[limits]\ndevices_max = -1"), HasSubstr("must be 1 to 1000, not -1"));
  EXPECT_EQ(refusal("[limits]\nstall_time = \"2h\""), "f.toml:2: limits.stall_time must be 1s to 1h, not 2h");
  EXPECT_THAT(refusal(Sources{"", "", {{"ENISHI_LIMITS_DEVICES_MAX", "many"}}, {}}),
              HasSubstr("environment ENISHI_LIMITS_DEVICES_MAX: limits.devices_max must be a whole number"));
  EXPECT_THAT(refusal(Sources{"", "", {}, {{"limits.devices_max", "99999999999999999999"}}}),
              HasSubstr("flag limits.devices_max"));
}

TEST(Configuration, FormsAreChecked) {
  EXPECT_THAT(refusal("[listen]\naddress = \"chat.example.org:80\""), HasSubstr("listen.address must be ADDR:PORT"));
  EXPECT_THAT(refusal("[listen]\npublic_url = [\"chat.example.org\"]"),
              HasSubstr("listen.public_url: each must be an origin"));
  EXPECT_THAT(refusal("[proxy]\ntrusted = [\"proxy\"]"), HasSubstr("proxy.trusted: each must be an address"));
  EXPECT_THAT(refusal("[metrics]\nlisten = \"0.0.0.0:9\""),
              HasSubstr("metrics.listen must be empty or ADDR:PORT on loopback"));
  EXPECT_THAT(refusal("[log]\nlevel = \"loud\""), HasSubstr("log.level must be debug, info, warn or error"));
  EXPECT_EQ(refusal("[metrics]\nlisten = \"127.0.0.1:9\""), "");
}

TEST(Configuration, BrokenTomlNamesTheLine) {
  EXPECT_THAT(refusal("[limits]\nbody_bytes_max = \n"), HasSubstr("f.toml:2: "));
  EXPECT_THAT(refusal("[limits\n"), HasSubstr("f.toml:1: "));
  EXPECT_EQ(refusal(""), "") << "an empty file is all defaults";
}

TEST(Configuration, FileThatIsNotThereIsRefused) {
  EXPECT_THROW((void)read_file("no/such/file.toml"), Failure);
  EXPECT_THROW((void)read_file("."), Failure);
}

TEST(ListenAddress, BeyondLoopbackNeedsTlsOrADeclaredProxy) {
  Settings settings;
  EXPECT_TRUE(listen_address(settings).is_loopback);
  settings.listen.address = "0.0.0.0:8470";
  try {
    (void)listen_address(settings);
    ADD_FAILURE() << "was not refused";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.code, core::Errc::address_not_allowed);
    EXPECT_THAT(failure.text, HasSubstr("neither TLS nor a declared proxy"));
  }
  settings.proxy.trusted = {"10.0.0.1"};
  EXPECT_EQ(listen_address(settings).host, "0.0.0.0");
  settings.proxy.trusted.clear();
  settings.tls.certificate = "cert.pem";
  EXPECT_EQ(listen_address(settings).host, "0.0.0.0");
}

TEST(Remarks, SayWhatIsOffForLoopback) {
  EXPECT_THAT(remarks(Settings{}),
              ::testing::Contains(HasSubstr("limits.handshakes_per_address_max and limits.secret_tries_per_address are "
                                            "off for loopback")));
  Settings settings;
  settings.door.per_address_on_loopback = 1;
  EXPECT_THAT(remarks(settings), ::testing::Not(::testing::Contains(HasSubstr("off for loopback"))));
  settings.door.secret_tries_in_all = 0;
  settings.proxy.trusted = {"10.0.0.1"};
  EXPECT_THAT(remarks(settings), ::testing::Contains(HasSubstr("limits.secret_tries_in_all is 0")));
  EXPECT_THAT(remarks(settings), ::testing::Contains(HasSubstr("limits by address are off for what comes from")));
}

}  // namespace
}  // namespace enishi::daemon
