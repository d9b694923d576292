package blockdev;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import blockdev.queue.BlockQueue;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.reflect.AccessFlag;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The modules and the data path of DESIGN.md §2 and §3, read off the compiled main classes. */
class LayeringTest {
  private static final JavaClasses MAIN_CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("inlinecrypt", "blockdev");

  private static final Set<String> CLOCKS =
      Set.of(
          "java.lang.System.currentTimeMillis",
          "java.lang.System.nanoTime",
          "java.time.Clock.systemUTC",
          "java.time.Instant.now");

  private static final Set<String> UNSEEDED_CHANCE =
      Set.of("java.lang.Math.random", "java.lang.StrictMath.random");

  @Test
  void theMainClassesOfBothModulesAreReadAndNoTests() {
    assertThat(MAIN_CLASSES.contain("inlinecrypt.CryptoKey")).isTrue();
    assertThat(MAIN_CLASSES.contain(LayeringTest.class)).isFalse();
  }

  @ParameterizedTest(name = "{0} does not depend on {1}")
  @CsvSource({
    "inlinecrypt.., blockdev..",
    "inlinecrypt.., bench..",
    "blockdev..,    bench..",
  })
  void noModuleKnowsItsUsers(String module, String user) {
    checkNoDependency(module, user);
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
    checkNoDependency(layer, forbidden);
  }

  @ParameterizedTest
  @ValueSource(strings = {"blockdev.sim..", "blockdev.fault.."})
  void timeAndPlansOfFaultsKnowNoOtherPackageOfTheDevice(String alone) {
    check(
        noClasses()
            .that()
            .resideInAPackage(alone)
            .should()
            .dependOnClassesThat(
                resideInAPackage("blockdev..").and(resideOutsideOfPackage(alone))));
  }

  @Test
  void presetsAreDataThatOnlyTheRootPackageReads() {
    check(
        noClasses()
            .that()
            .resideInAPackage("blockdev.preset..")
            .should()
            .dependOnClassesThat(
                resideInAPackage("blockdev..")
                    .and(resideOutsideOfPackage("blockdev.preset.."))
                    .and(resideOutsideOfPackage("blockdev.sim.."))));
    check(
        noClasses()
            .that()
            .resideInAPackage("blockdev.*..")
            .and()
            .resideOutsideOfPackage("blockdev.preset..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("blockdev.preset.."));
  }

  @Test
  void onlyTheRootPackageWires() {
    check(
        noClasses()
            .that()
            .resideInAPackage("blockdev.*..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("blockdev"));
  }

  @Test
  void bouncyCastleStaysInInlinecrypt() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("inlinecrypt..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.bouncycastle.."));
  }

  @Test
  void chronicleStaysInBlockdev() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("blockdev..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("net.openhft.."));
  }

  @Test
  void theDataPathHoldsNoLockOfTheJdkAcrossAWait() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(
                "blockdev.fs..", "blockdev.queue..", "blockdev.nvme..", "blockdev.bio..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.util.concurrent.locks.."));
  }

  @Test
  void theDataPathSynchronizesNothing() throws IOException {
    Path classes =
        Path.of(BlockQueue.class.getProtectionDomain().getCodeSource().getLocation().getPath());
    List<String> monitors = new ArrayList<>();
    int read = 0;
    for (String name :
        List.of(
            "fs",
            "queue",
            "queue/crypto",
            "queue/layer",
            "nvme",
            "nvme/controller",
            "nvme/controller/kpio",
            "nvme/kpio",
            "nvme/driver",
            "bio")) {
      try (DirectoryStream<Path> files =
          Files.newDirectoryStream(classes.resolve("blockdev").resolve(name), "*.class")) {
        for (Path file : files) {
          read++;
          ClassFile.of().parse(file).methods().stream()
              .filter(LayeringTest::entersAMonitor)
              .forEach(method -> monitors.add(file + " " + method.methodName().stringValue()));
        }
      }
    }
    assertThat(read).as("classes").isGreaterThan(50);
    assertThat(monitors).as("a monitor could be held across a wait").isEmpty();
  }

  @Test
  void synchronizedMethodsAndBlocksAreBothSeen() throws IOException {
    ClassModel sample;
    try (InputStream bytes =
        Objects.requireNonNull(
            LayeringTest.class.getResourceAsStream("LayeringTest$Synchronizes.class"))) {
      sample = ClassFile.of().parse(bytes.readAllBytes());
    }
    assertThat(sample.methods().stream().filter(LayeringTest::entersAMonitor))
        .extracting(method -> method.methodName().stringValue())
        .containsExactlyInAnyOrder("method", "block");
  }

  private static boolean entersAMonitor(MethodModel method) {
    return method.flags().has(AccessFlag.SYNCHRONIZED)
        || method
            .code()
            .filter(code -> code.elementStream().anyMatch(MonitorInstruction.class::isInstance))
            .isPresent();
  }

  /** What the rule above forbids. */
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

  @Test
  void timeIsHandedIn() {
    check(noClasses().should().accessTargetWhere(targetIsOneOf(CLOCKS)));
  }

  @Test
  void chanceIsSeeded() {
    check(noClasses().should().accessTargetWhere(targetIsOneOf(UNSEEDED_CHANCE)));
    check(noClasses().should().dependOnClassesThat().areAssignableTo(ThreadLocalRandom.class));
    check(noClasses().should().callConstructor(Random.class));
  }

  private static DescribedPredicate<JavaAccess<?>> targetIsOneOf(Set<String> methods) {
    return DescribedPredicate.describe(
        "is one of " + methods,
        access -> methods.contains(access.getTargetOwner().getName() + "." + access.getName()));
  }

  private static void checkNoDependency(String from, String to) {
    check(
        noClasses()
            .that()
            .resideInAPackage(from)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(to));
  }

  private static void check(ArchRule rule) {
    rule.check(MAIN_CLASSES);
  }
}
