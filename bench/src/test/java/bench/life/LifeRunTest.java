package bench.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blockdev.fs.FsException;
import blockdev.fs.StrategyKind;
import blockdev.preset.DevicePreset;
import blockdev.preset.MediaPreset;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import inlinecrypt.CryptoMode;
import inlinecrypt.Errno;
import inlinecrypt.engine.CipherEngine;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.TimeZone;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LifeRunTest {
  @TempDir private Path directory;

  private Path input;

  @BeforeEach
  void writeInput() throws IOException {
    input = Files.createDirectory(directory.resolve("input"));
    InputTree.write(input, 1);
  }

  @ParameterizedTest
  @EnumSource(StrategyKind.class)
  void everythingIsVerifiedAndCounted(StrategyKind strategy) throws IOException {
    LifeReport report = run(options(strategy, 1));
    assertThat(report.problems()).isEmpty();
    assertThat(report.verified()).isTrue();
    assertThat(report.input().files()).isEqualTo(InputTree.FILES);
    assertThat(report.input().directories()).isEqualTo(InputTree.DIRECTORIES);
    assertThat(report.input().skipped()).isEqualTo(InputTree.LINKS);
    assertThat(report.input().bytes()).isEqualTo(InputTree.BYTES);
    assertThat(report.fileComparisons())
        .isEqualTo(3 * InputTree.FILES + 2 * report.copies().files());
    assertThat(report.medium().mismatches()).isZero();
    assertThat(report.keyRemoval().readAttempts())
        .isEqualTo(InputTree.FILES + report.copies().files())
        .isGreaterThan(InputTree.FILES);
    assertThat(report.keyRemoval().readable()).isZero();
    assertThat(report.copies().overwrites()).isEqualTo(3 * report.copies().files());
    assertThat(report.extents().relocated()).isPositive();
    assertThat(report.medium().predicted()).isGreaterThanOrEqualTo(report.extents().total());
    assertThat(report.keyslots().programs()).isEqualTo(report.keyslots().misses()).isPositive();
  }

  @ParameterizedTest
  @EnumSource(StrategyKind.class)
  void withoutInlineEncryptionTheFallbackDoesItAndTheMediumIsAsPredicted(StrategyKind strategy)
      throws IOException {
    LifeReport inline = run(options(strategy, 1));
    LifeReport software = run(on("fallback-1", options(strategy, 1)));
    assertThat(inline.fallback().wasUsed()).isFalse();
    assertThat(software.problems()).isEmpty();
    assertThat(software.medium()).isEqualTo(inline.medium());
    assertThat(software.fallback().wasUsed()).isTrue();
    assertThat(software.fallback().keyslots().programs()).isPositive();
    assertThat(software.keyslots().programs()).isZero();
    assertThat(LifeText.text(software)).contains("encrypted by the software fallback");
    assertThat(LifeText.json(software)).contains("\"encryptedBy\": \"fallback\"");
  }

  @ParameterizedTest
  @EnumSource(StrategyKind.class)
  void underKeyPerIoWhatIsRelocatedIsEncryptedAgainAndTheMediumIsAsPredicted(StrategyKind strategy)
      throws IOException {
    LifeReport inline = run(options(strategy, 1));
    LifeReport tagged = run(on("nvme-kpio-4", options(strategy, 1)));
    assertThat(tagged.problems()).isEmpty();
    assertThat(tagged.verified()).isTrue();
    assertThat(tagged.medium()).isEqualTo(inline.medium());
    assertThat(tagged.extents().relocated()).isEqualTo(inline.extents().relocated());
    assertThat(tagged.extents().reencryptedBytes())
        .isGreaterThanOrEqualTo(4096L * tagged.extents().relocated())
        .isPositive();
    assertThat(tagged.extents().withoutKey()).isZero();
    assertThat(inline.extents().reencryptedBytes()).isZero();
    assertThat(LifeText.text(tagged))
        .contains(
            String.format(
                Locale.ROOT,
                "re-encrypted     %,d bytes by relocation",
                tagged.extents().reencryptedBytes()));
    assertThat(LifeText.json(tagged))
        .contains("\"relocationReencryptedBytes\": " + tagged.extents().reencryptedBytes())
        .contains("\"encryptedBy\": \"device\"");
    assertThat(LifeText.json(inline)).contains("\"relocationReencryptedBytes\": 0");
  }

  @ParameterizedTest
  @EnumSource(
      value = Sabotage.class,
      names = {"FLIP_MEDIUM_BIT", "KEEP_KEY"})
  void sabotageUnderKeyPerIoIsNoticed(Sabotage sabotage) throws IOException {
    LifeOptions options = options(StrategyKind.LIGHTWEIGHT, 1, engine(), null, sabotage);
    assertThat(run(on("nvme-kpio-4", options)).verified()).isFalse();
  }

  private static LifeOptions on(String device, LifeOptions options) {
    return new LifeOptions(
        options.input(),
        options.deviceBytes(),
        DevicePreset.named(device),
        options.media(),
        options.strategy(),
        options.engine(),
        options.image(),
        options.seed(),
        options.sabotage());
  }

  @Test
  void onlyExtentsWithKeysOfTheirOwnAreSharedAndCarryAContext() throws IOException {
    LifeReport lightweight = run(options(StrategyKind.LIGHTWEIGHT, 1));
    LifeReport perInode = run(options(StrategyKind.PER_INODE, 1));
    assertThat(lightweight.copies().reflinksRefused()).isZero();
    assertThat(lightweight.extents().contextBytes()).isEqualTo(34);
    assertThat(perInode.copies().reflinksRefused())
        .isEqualTo(perInode.copies().files())
        .isPositive();
    assertThat(perInode.extents().contextBytes()).isZero();
    assertThat(lightweight.keyDerivations()).isGreaterThan(perInode.keyDerivations());
  }

  @ParameterizedTest
  @EnumSource(StrategyKind.class)
  void theSameSeedGivesTheSameRunInAnyLocaleAndTimeZone(StrategyKind strategy) throws IOException {
    LifeReport here = run(options(strategy, 7));
    Locale locale = Locale.getDefault();
    TimeZone zone = TimeZone.getDefault();
    LifeReport elsewhere;
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Kiritimati"));
      elsewhere = run(options(strategy, 7));
    } finally {
      Locale.setDefault(locale);
      TimeZone.setDefault(zone);
    }
    assertThat(printed(elsewhere)).isEqualTo(printed(here));
  }

  @Test
  void anotherSeedGivesAnotherRun() throws IOException {
    LifeReport one = run(options(StrategyKind.LIGHTWEIGHT, 1));
    LifeReport two = run(options(StrategyKind.LIGHTWEIGHT, 2));
    assertThat(two.verified()).isTrue();
    assertThat(two.eventLogHash()).isNotEqualTo(one.eventLogHash());
  }

  @Test
  void neitherEngineNorImageShowsInVirtualTime() throws IOException {
    LifeReport usual = run(options(StrategyKind.LIGHTWEIGHT, 1));
    LifeReport reference =
        run(options(StrategyKind.LIGHTWEIGHT, 1, CipherEngine.named("reference"), null, null));
    LifeReport image =
        run(
            options(
                StrategyKind.LIGHTWEIGHT,
                1,
                usual.options().engine(),
                directory.resolve("image"),
                null));
    assertThat(List.of(reference.virtualNs(), image.virtualNs())).containsOnly(usual.virtualNs());
    assertThat(List.of(reference.eventLogHash(), image.eventLogHash()))
        .containsOnly(usual.eventLogHash());
  }

  @Test
  void jsonHasTheFieldsThatProgramsRelyOn() throws IOException {
    JsonObject json =
        JsonParser.parseString(LifeText.json(run(options(StrategyKind.PER_INODE, 1))))
            .getAsJsonObject();
    assertThat(json.get("files").getAsInt()).isEqualTo(InputTree.FILES);
    assertThat(json.get("bytes").getAsLong()).isEqualTo(InputTree.BYTES);
    assertThat(json.get("verified").getAsJsonPrimitive().isBoolean()).isTrue();
    assertThat(json.get("verified").getAsBoolean()).isTrue();
    assertThat(json.get("engine").getAsString()).isEqualTo(engine().name());
    assertThat(json.get("strategy").getAsString()).isEqualTo("per-inode");
    for (String name :
        List.of(
            "fileComparisons",
            "readsDuringRelocation",
            "mediumBlocksPredicted",
            "mediumMismatches",
            "readAttemptsAfterKeyRemoval",
            "readableAfterKeyRemoval",
            "reflinksRefused",
            "virtualNs")) {
      assertThat(json.get(name).getAsJsonPrimitive().isNumber()).as(name).isTrue();
    }
    JsonObject keyslots = json.getAsJsonObject("keyslots");
    for (String name : List.of("hits", "misses", "programs", "waits")) {
      assertThat(keyslots.get(name).getAsJsonPrimitive().isNumber()).as(name).isTrue();
    }
    assertThat(json.get("eventLogHash").getAsString()).matches("[0-9a-f]+");
  }

  @ParameterizedTest
  @EnumSource(StrategyKind.class)
  void aFlippedBitIsNoticedByReadersAndByThePrediction(StrategyKind strategy) throws IOException {
    LifeReport report = sabotaged(strategy, Sabotage.FLIP_MEDIUM_BIT);
    assertThat(report.verified()).isFalse();
    assertThat(report.problems().getFirst()).contains("are not what the medium holds");
    assertThat(report.problems()).anyMatch(p -> p.contains("reads back differently after remount"));
  }

  @Test
  void dataUnitsCountedFromTheFileReadBackButAreNotAsPredicted() throws IOException {
    LifeReport report = sabotaged(StrategyKind.LIGHTWEIGHT, Sabotage.FILE_RELATIVE_DUN);
    assertThat(report.verified()).isFalse();
    assertThat(report.medium().mismatches()).isPositive();
    assertThat(report.problems())
        .singleElement()
        .asString()
        .contains("predicted blocks are not what the medium holds", "differs on the medium");
  }

  @ParameterizedTest
  @EnumSource(StrategyKind.class)
  void aKeyThatStaysLeavesEveryFileReadable(StrategyKind strategy) throws IOException {
    LifeReport report = sabotaged(strategy, Sabotage.KEEP_KEY);
    assertThat(report.verified()).isFalse();
    assertThat(report.keyRemoval().readable())
        .isEqualTo(report.keyRemoval().readAttempts())
        .isPositive();
    assertThat(report.problems())
        .satisfiesExactly(
            problem -> assertThat(problem).contains("can be read after the key was removed"),
            problem -> assertThat(problem).contains("the master key that was removed is PRESENT"));
  }

  @ParameterizedTest
  @EnumSource(StrategyKind.class)
  void anEmptyFileLivesToo(StrategyKind strategy) throws IOException {
    input = inputOfOneEmptyFile();
    LifeReport report = run(options(strategy, 1));
    assertThat(report.verified()).isTrue();
    assertThat(report.fileComparisons()).isEqualTo(3);
    assertThat(List.of(report.extents().total(), report.copies().files())).containsOnly(0);
  }

  @ParameterizedTest
  @EnumSource(Sabotage.class)
  void aSabotageThatFindsNothingToBreakIsNoSuccess(Sabotage sabotage) throws IOException {
    input = inputOfOneEmptyFile();
    assertThat(sabotaged(StrategyKind.LIGHTWEIGHT, sabotage).problems()).isNotEmpty();
  }

  @Test
  void anInputWithoutFilesIsRefused() throws IOException {
    input = Files.createDirectories(directory.resolve("empty/of files")).getParent();
    Files.createSymbolicLink(input.resolve("link"), Path.of("../input/4096"));
    assertThatThrownBy(() -> run(options(StrategyKind.LIGHTWEIGHT, 1)))
        .isInstanceOf(NoInputException.class)
        .hasMessage("no regular file in " + input);
  }

  @Test
  void anInputMayBeALinkToADirectory() throws IOException {
    input = Files.createSymbolicLink(directory.resolve("link"), input);
    LifeReport report = run(options(StrategyKind.LIGHTWEIGHT, 1));
    assertThat(report.input().files()).isEqualTo(InputTree.FILES);
    assertThat(report.options().input()).isEqualTo(input);
  }

  @ParameterizedTest
  @EnumSource(StrategyKind.class)
  void filesAreReadWhileExtentsMove(StrategyKind strategy) throws IOException {
    LifeReport report = run(options(strategy, 1));
    assertThat(report.extents().relocated()).isPositive();
    assertThat(report.extents().readsDuringRelocation()).isPositive();
  }

  private Path inputOfOneEmptyFile() throws IOException {
    Path path = Files.createDirectory(directory.resolve("one empty file"));
    Files.createFile(path.resolve("file"));
    return path;
  }

  @Test
  void aDeviceThatBecomesFullIsAnError() throws IOException {
    LifeOptions options = options(StrategyKind.LIGHTWEIGHT, 1).withDeviceBytes(2 << 20);
    Files.write(input.resolve("large"), new byte[2 << 20]);
    assertThatThrownBy(() -> run(options))
        .asInstanceOf(InstanceOfAssertFactories.type(FsException.class))
        .returns(Errno.ENOSPC, FsException::errno);
  }

  @Test
  void aFailedRunLeavesNeitherImageNorKey() throws IOException {
    Path image = directory.resolve("image");
    assertThat(
            run(options(StrategyKind.LIGHTWEIGHT, 1, engine(), image, Sabotage.KEEP_KEY))
                .verified())
        .isFalse();
    LifeOptions small =
        options(StrategyKind.LIGHTWEIGHT, 1, engine(), image, null).withDeviceBytes(4096);
    assertThatThrownBy(() -> run(small)).isInstanceOf(FsException.class);
    assertThat(directory).isDirectoryNotContaining(path -> !path.equals(input));
  }

  @Test
  void aKeyFileThatExistsIsNotOverwritten() throws IOException {
    Path image = directory.resolve("image");
    Path key = Files.writeString(directory.resolve("image.key"), "precious");
    assertThatThrownBy(() -> run(options(StrategyKind.LIGHTWEIGHT, 1, engine(), image, null)))
        .isInstanceOf(FileAlreadyExistsException.class)
        .hasMessageContaining(key + ": exists already");
    assertThat(key).hasContent("precious");
    assertThat(image).doesNotExist();
  }

  private LifeReport sabotaged(StrategyKind strategy, Sabotage sabotage) throws IOException {
    return run(options(strategy, 1, engine(), null, sabotage));
  }

  private LifeOptions options(StrategyKind strategy, long seed) {
    return options(strategy, seed, engine(), null, null);
  }

  private LifeOptions options(
      StrategyKind strategy,
      long seed,
      CipherEngine engine,
      @Nullable Path image,
      @Nullable Sabotage sabotage) {
    return new LifeOptions(
        input,
        LifeOptions.ENOUGH,
        DevicePreset.named("ufs-ice-4"),
        MediaPreset.named("ufs31"),
        strategy,
        engine,
        image,
        seed,
        sabotage);
  }

  private static CipherEngine engine() {
    return CipherEngine.fastest(CryptoMode.AES_256_XTS);
  }

  /** With a wall clock that stands still. */
  private static LifeReport run(LifeOptions options) throws IOException {
    return LifeRun.run(options, () -> 0, Progress.SILENT);
  }

  private static String printed(LifeReport report) {
    return LifeText.text(report) + LifeText.json(report);
  }
}
