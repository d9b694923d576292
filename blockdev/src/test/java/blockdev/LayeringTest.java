package blockdev;

import static blockdev.CompiledClass.isIn;
import static org.assertj.core.api.Assertions.assertThat;

import blockdev.queue.BlockQueue;
import inlinecrypt.CryptoKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.NotSerializableException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.BitSet;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Properties;
import java.util.Scanner;
import java.util.Set;
import java.util.TimerTask;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The modules and the data path of DESIGN.md §2 and §3, read off the compiled main classes. */
class LayeringTest {
  private static final List<CompiledClass> MAIN_CLASSES =
      Stream.of(CryptoKey.class, BlockQueue.class)
          .flatMap(one -> CompiledClass.allBeside(one).stream())
          .toList();

  private static final Set<String> CLOCKS =
      Set.of(
          "java.lang.System.currentTimeMillis",
          "java.lang.System.nanoTime",
          "java.time.Clock.systemUTC",
          "java.time.Instant.now");

  private static final Set<String> UNSEEDED_CHANCE =
      Set.of("java.lang.Math.random", "java.lang.StrictMath.random");

  private static final List<String> DATA_PATH =
      List.of("blockdev.fs..", "blockdev.queue..", "blockdev.nvme..", "blockdev.bio..");

  @Test
  void theMainClassesOfBothModulesAreReadAndNoTests() {
    assertThat(MAIN_CLASSES)
        .extracting(CompiledClass::name)
        .contains(CryptoKey.class.getName(), BlockQueue.class.getName())
        .doesNotContain(LayeringTest.class.getName());
  }

  @ParameterizedTest(name = "{0} does not depend on {1}")
  @CsvSource({
    "inlinecrypt.., blockdev..",
    "inlinecrypt.., bench..",
    "blockdev..,    bench..",
  })
  void noModuleKnowsItsUsers(String module, String user) {
    assertNoneNames(module, user);
  }

  @ParameterizedTest(name = "{0} does not depend on {1}")
  @CsvSource({
    "blockdev.fs..,    blockdev.nvme..",
    "blockdev.fs..,    inlinecrypt.wrapped..",
    "blockdev.queue.., inlinecrypt.wrapped..",
    "blockdev.fs..,    blockdev.media..",
    "blockdev.queue.., blockdev.fs..",
    "blockdev.queue.., blockdev.nvme..",
    "blockdev.queue.., blockdev.media..",
    "blockdev.queue,   blockdev.queue.crypto..",
    "blockdev.queue,   blockdev.queue.layer..",
    "blockdev.queue.crypto.., blockdev.queue.layer..",
    "blockdev.fs..,    blockdev.queue.layer..",
    "blockdev.nvme..,  blockdev.queue.crypto..",
    "blockdev.nvme..,  blockdev.queue.layer..",
    "blockdev.nvme..,  blockdev.fs..",
    "blockdev.nvme,    blockdev.nvme.controller..",
    "blockdev.nvme,    blockdev.nvme.driver..",
    "blockdev.nvme.controller.., blockdev.nvme.driver..",
    "blockdev.nvme.kpio.., blockdev.nvme.controller..",
    "blockdev.nvme.kpio.., blockdev.nvme.driver..",
    "blockdev.nvme.kpio.., blockdev.memory..",
    "blockdev.nvme.controller.kpio.., blockdev.media..",
    "blockdev.nvme.controller.kpio.., blockdev.sim..",
    "blockdev.nvme.controller.., blockdev.queue..",
    "blockdev.media.., blockdev.fs..",
    "blockdev.media.., blockdev.queue..",
    "blockdev.media.., blockdev.nvme..",
    "blockdev.media.., blockdev.bio..",
    "blockdev.bio..,   blockdev.fs..",
    "blockdev.bio..,   blockdev.queue..",
    "blockdev.bio..,   blockdev.nvme..",
    "blockdev.bio..,   blockdev.media..",
    "blockdev.fs..,    blockdev.fault..",
    "blockdev.queue.., blockdev.fault..",
    "blockdev.media.., blockdev.fault..",
  })
  void callsGoDownTheColumn(String layer, String forbidden) {
    assertNoneNames(layer, forbidden);
  }

  @ParameterizedTest
  @ValueSource(strings = {"blockdev.sim..", "blockdev.fault.."})
  void timeAndPlansOfFaultsKnowNoOtherPackageOfTheDevice(String alone) {
    assertNoneNames(
        user -> user.isIn(alone), named -> isIn(named, "blockdev..") && !isIn(named, alone));
  }

  @Test
  void presetsAreDataThatOnlyTheRootPackageReads() {
    assertNoneNames(
        user -> user.isIn("blockdev.preset.."),
        named ->
            isIn(named, "blockdev..")
                && !isIn(named, "blockdev.preset..")
                && !isIn(named, "blockdev.sim.."));
    assertNoneNames(
        user -> isBelowTheRoot(user) && !user.isIn("blockdev.preset.."),
        named -> isIn(named, "blockdev.preset.."));
  }

  @Test
  void onlyTheRootPackageWires() {
    assertNoneNames(LayeringTest::isBelowTheRoot, named -> isIn(named, "blockdev"));
  }

  private static boolean isBelowTheRoot(CompiledClass user) {
    return user.isIn("blockdev..") && !user.isIn("blockdev");
  }

  @Test
  void bouncyCastleStaysInInlinecrypt() {
    assertNoneNames(
        user -> !user.isIn("inlinecrypt.."), named -> isIn(named, "org.bouncycastle.."));
  }

  @Test
  void chronicleStaysInBlockdev() {
    assertNoneNames(user -> !user.isIn("blockdev.."), named -> isIn(named, "net.openhft.."));
  }

  @Test
  void theDataPathHoldsNoLockOfTheJdkAcrossAWait() {
    assertNoneNames(
        LayeringTest::isInTheDataPath, named -> isIn(named, "java.util.concurrent.locks.."));
  }

  @Test
  void theDataPathSynchronizesNothing() {
    List<String> monitors = new ArrayList<>();
    for (CompiledClass each : classes(LayeringTest::isInTheDataPath)) {
      each.synchronizedMethods().forEach(method -> monitors.add(each.name() + "." + method));
    }
    assertThat(monitors).as("a monitor could be held across a wait").isEmpty();
  }

  private static boolean isInTheDataPath(CompiledClass user) {
    return DATA_PATH.stream().anyMatch(user::isIn);
  }

  @Test
  void timeIsHandedIn() {
    assertNoneUses(member -> CLOCKS.contains(withoutType(member)));
  }

  @Test
  void chanceIsSeeded() {
    assertNoneUses(member -> UNSEEDED_CHANCE.contains(withoutType(member)));
    assertNoneUses("java.util.Random.<init>()V"::equals);
    assertNoneNames(user -> true, ThreadLocalRandom.class.getName()::equals);
  }

  private static String withoutType(String member) {
    return member.replaceFirst("[(].*", "");
  }

  @Test
  void synchronizedMethodsAndBlocksAreBothSeen() throws IOException {
    assertThat(nested("Synchronizes").synchronizedMethods())
        .containsExactlyInAnyOrder("method", "block");
  }

  @Test
  void inWhateverWayAClassIsNamedIsSeen() throws IOException {
    CompiledClass sample = nested("Names");
    assertThat(sample.classes())
        .contains(
            "java.util.TimerTask",
            "java.util.concurrent.Callable",
            "java.util.Currency",
            "java.lang.Readable",
            "java.util.BitSet",
            "java.util.zip.CRC32",
            "java.util.UUID",
            "java.io.NotSerializableException",
            "org.jspecify.annotations.Nullable",
            "java.util.Scanner",
            "java.util.Locale",
            "java.util.Base64",
            "java.util.Properties");
    assertThat(sample.members())
        .contains(
            "java.util.Base64.getEncoder()Ljava/util/Base64$Encoder;",
            "java.util.Properties.<init>()V");
  }

  private static CompiledClass nested(String name) throws IOException {
    try (InputStream bytes =
        Objects.requireNonNull(
            LayeringTest.class.getResourceAsStream("LayeringTest$" + name + ".class"))) {
      return CompiledClass.of(bytes.readAllBytes());
    }
  }

  /** What the rules above forbid. */
  static final class Synchronizes {
    int count;

    synchronized void method() {
      count++;
    }

    void block() {
      synchronized (this) {
        count++;
      }
    }
  }

  /** Names each class in another way. */
  abstract static class Names<T extends Readable> extends TimerTask implements Callable<Currency> {
    final List<BitSet> field = new ArrayList<>();

    abstract CRC32[] method(UUID parameter) throws NotSerializableException;

    abstract @Nullable T generic();

    Object body(Object something) {
      if (something instanceof Scanner) {
        return Locale.class;
      }
      Supplier<?> made = Properties::new;
      return something == this ? made : Base64.getEncoder();
    }
  }

  private static void assertNoneNames(String from, String to) {
    assertNoneNames(user -> user.isIn(from), named -> isIn(named, to));
  }

  private static void assertNoneNames(Predicate<CompiledClass> users, Predicate<String> forbidden) {
    List<String> found = new ArrayList<>();
    for (CompiledClass user : classes(users)) {
      user.classes().stream()
          .filter(forbidden)
          .forEach(named -> found.add(user.name() + " names " + named));
    }
    assertThat(found).isEmpty();
  }

  private static void assertNoneUses(Predicate<String> forbidden) {
    List<String> found = new ArrayList<>();
    for (CompiledClass user : MAIN_CLASSES) {
      user.members().stream()
          .filter(forbidden)
          .forEach(member -> found.add(user.name() + " uses " + member));
    }
    assertThat(found).isEmpty();
  }

  /** The main classes that a rule is about, of which there are some. */
  private static List<CompiledClass> classes(Predicate<CompiledClass> which) {
    List<CompiledClass> classes = MAIN_CLASSES.stream().filter(which).toList();
    assertThat(classes).as("classes that the rule is about").isNotEmpty();
    return classes;
  }
}
