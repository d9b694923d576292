package bench.life;

import blockdev.Simulation;
import blockdev.SimulationConfig;
import blockdev.fs.ContentsCrypto;
import blockdev.fs.ExtentView;
import blockdev.fs.FileSystem;
import blockdev.fs.FormatOptions;
import blockdev.fs.FsException;
import blockdev.fs.MountOptions;
import blockdev.fs.StrategyKind;
import blockdev.fs.Volume;
import blockdev.media.Medium;
import blockdev.queue.crypto.Fallback;
import inlinecrypt.fscrypt.KeyIdentifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;

/**
 * The whole life of an encrypted filesystem on a simulated device, in virtual time and with real
 * payload: format, add a key, write every file, remount, read back, share, overwrite, relocate
 * while reading, predict the medium, remove the key, try to read, add it again, read again.
 *
 * <p>What does not verify is noted and the life goes on, so that one report has it all. Choices are
 * drawn from the seed: the same seed, input and options give the same virtual time.
 */
final class MainJob {
  private static final int BLOCK_BYTES = 4096;
  private static final int BUFFER_BYTES = 1 << 20;

  private final LifeOptions options;
  private final InputFiles input;
  private final Medium medium;
  private final byte[] masterKey;
  private final LongSupplier wallNs;
  private final Simulation simulation;
  private final MemorySegment buffer;
  private final Problems problems = new Problems();
  private final List<Phase> phases = new ArrayList<>();
  private final ExpectedFiles files = new ExpectedFiles();
  private final WritePhase writing;
  private final ReadPhase reading;
  private final CopyPhase copying;
  private final RelocationPhase relocating;
  private final KeyRemovalPhase removing;

  private MainJob(
      LifeOptions options,
      InputFiles input,
      Medium medium,
      byte[] masterKey,
      LongSupplier wallNs,
      Progress progress,
      Simulation simulation,
      Arena arena) {
    this.options = options;
    this.input = input;
    this.medium = medium;
    this.masterKey = masterKey;
    this.wallNs = wallNs;
    this.simulation = simulation;
    buffer = arena.allocate(BUFFER_BYTES);
    SplittableRandom random = new SplittableRandom(options.seed());
    writing = new WritePhase(input, files, progress);
    reading = new ReadPhase(files, problems, progress);
    copying = new CopyPhase(input, files, random);
    relocating = new RelocationPhase(reading, random);
    removing = new KeyRemovalPhase(files, problems, options.sabotage() == Sabotage.KEEP_KEY);
  }

  /**
   * Runs the job on {@code medium}, which it formats.
   *
   * @param masterKey 64 bytes; the caller wipes them
   * @param wallNs the wall clock, for throughput
   * @throws IOException if the input cannot be read
   * @throws FsException if the filesystem fails, for want of room above all
   */
  static LifeReport run(
      LifeOptions options,
      InputFiles input,
      Medium medium,
      byte[] masterKey,
      LongSupplier wallNs,
      Progress progress)
      throws IOException {
    SimulationConfig config =
        SimulationConfig.defaults()
            .withDevice(options.device(), options.media())
            .withEngine(options.engine());
    try (Simulation simulation = new Simulation(config, medium);
        Arena arena = Arena.ofShared()) {
      return new MainJob(options, input, medium, masterKey, wallNs, progress, simulation, arena)
          .live();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private LifeReport live() throws IOException {
    long startNs = wallNs.getAsLong();
    long keyDerivations;
    FileSystem.format(volume(), FormatOptions.of(options.strategy()));

    try (FileSystem fs = mount()) {
      fs.setPolicy("/", fs.addKey(masterKey));
      phase("write", input.bytes(), () -> writing.run(fs, buffer));
      keyDerivations = fs.keyDerivations();
    }
    if (options.sabotage() == Sabotage.FLIP_MEDIUM_BIT) {
      flipOneBit();
    }

    PredictionPhase predicting;
    int contextBytes;
    ContentsCrypto contentsCrypto;
    try (FileSystem fs = mount()) {
      KeyIdentifier key = fs.addKey(masterKey);
      phase("read back", input.bytes(), () -> reading.run(fs, buffer, "after remount"));
      phase("copy, overwrite", 0, () -> copying.run(fs, buffer));
      phase(
          "relocate while reading",
          files.bytes(),
          () -> relocating.run(simulation.time(), fs, buffer));
      fs.sync();
      predicting =
          new PredictionPhase(
              prediction(), fs, files, relocating::hasRelocated, problems, countsFromFile());
      phase("predict the medium", predicting.bytes(), predicting::run);
      phase("key removed", 0, () -> removing.run(fs, key));
      fs.addKey(masterKey);
      phase(
          "read with key again",
          files.bytes(),
          () -> reading.run(fs, buffer, "after the key came back"));
      keyDerivations += fs.keyDerivations();
      contextBytes = fs.extentContextBytes();
      contentsCrypto = fs.contentsCrypto();
    }
    medium.flush();
    return new LifeReport(
        options,
        contentsCrypto,
        new LifeReport.Input(
            input.files().size(), input.directories().size(), input.skipped(), input.bytes()),
        reading.fileComparisons(),
        problems.lines(),
        List.copyOf(phases),
        copying.report(),
        relocating.report(predicting.extents(), contextBytes),
        predicting.report(),
        removing.report(),
        simulation.queue().counters(),
        simulation.queue().keyslots().counters(),
        fallback(),
        keyDerivations,
        simulation.time().nowNs(),
        wallNs.getAsLong() - startNs,
        simulation.eventLogHash());
  }

  private interface Step {
    void run() throws IOException;
  }

  /**
   * @param bytes of files that the step works on
   */
  private void phase(String name, long bytes, Step step) throws IOException {
    long wallStartNs = wallNs.getAsLong();
    long virtualStartNs = simulation.time().nowNs();
    step.run();
    phases.add(
        new Phase(
            name,
            bytes,
            wallNs.getAsLong() - wallStartNs,
            simulation.time().nowNs() - virtualStartNs));
  }

  private Volume volume() {
    return new Volume(simulation.queue(), simulation.plainQueue());
  }

  private FileSystem mount() {
    MountOptions mount = mountOptions();
    if (countsFromFile()) {
      mount = mount.withDataUnitsFromFileStart();
    }
    return FileSystem.mount(volume(), simulation.blkCrypto(), mount);
  }

  /** The data of an image may be somebody's: its nonces are not to be foreseen. */
  private MountOptions mountOptions() {
    return options.image() == null ? MountOptions.seeded(options.seed()) : MountOptions.secure();
  }

  private boolean countsFromFile() {
    return options.sabotage() == Sabotage.FILE_RELATIVE_DUN;
  }

  private MediumPrediction prediction() {
    return new MediumPrediction(
        medium.segment(),
        masterKey,
        options.strategy() == StrategyKind.PER_INODE,
        simulation.queue().profile().dunIsAddress());
  }

  private LifeReport.Fallback fallback() {
    Fallback fallback = Objects.requireNonNull(simulation.blkCrypto().fallback());
    return new LifeReport.Fallback(fallback.counters(), fallback.keyslotCounters());
  }

  /** Sabotage: of the first block of the first file that has one. */
  private void flipOneBit() {
    try (FileSystem fs =
        FileSystem.mount(volume(), simulation.blkCrypto(), mountOptions().asReadOnly())) {
      for (Expected file : files.all()) {
        List<ExtentView> runs = fs.extents(file.path());
        if (!runs.isEmpty()) {
          long at = runs.getFirst().deviceBlock() * BLOCK_BYTES;
          byte value = medium.segment().get(ValueLayout.JAVA_BYTE, at);
          medium.segment().set(ValueLayout.JAVA_BYTE, at, (byte) (value ^ 1));
          return;
        }
      }
    }
    problems.add("no file has a block whose bit could be flipped");
  }
}
