package bench.life;

import blockdev.Simulation;
import blockdev.SimulationConfig;
import blockdev.fs.ContentsCrypto;
import blockdev.fs.ExtentView;
import blockdev.fs.FileSystem;
import blockdev.fs.FormatOptions;
import blockdev.fs.FsException;
import blockdev.fs.MountOptions;
import blockdev.fs.OpenFile;
import blockdev.fs.StrategyKind;
import blockdev.fs.Volume;
import blockdev.media.Medium;
import blockdev.queue.crypto.Fallback;
import blockdev.sim.SimThread;
import inlinecrypt.Errno;
import inlinecrypt.fscrypt.KeyIdentifier;
import inlinecrypt.fscrypt.KeyStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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

  /** One file in this many is copied, and one extent in this many is relocated; at least one. */
  private static final int SHARE = 8;

  private static final int PATCHES = 3;
  private static final int MAX_PATCH_BYTES = 64 * 1024;
  private static final int MAX_PROBLEMS = 8;

  private final LifeOptions options;
  private final InputFiles input;
  private final Medium medium;
  private final byte[] masterKey;
  private final LongSupplier wallNs;
  private final Progress progress;
  private final SplittableRandom random;
  private final Map<String, Expected> files = new LinkedHashMap<>(); // by path
  private final Set<String> copies = new HashSet<>();
  private final Set<Long> relocated = new HashSet<>();
  private int relocationsWithoutRoom;
  private int relocationsWithoutKey;
  private long reencryptedBytes;
  private boolean relocating;
  private int relocationsBegun;
  private long readsDuringRelocation;
  private long fileComparisons;
  private final List<Phase> phases = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();
  private int reflinksRefused;
  private int overwrites;
  private long keyDerivations;
  private int readAttempts;
  private int readable;
  private int contextBytes;
  private ContentsCrypto contentsCrypto = ContentsCrypto.DEVICE;

  private MainJob(
      LifeOptions options,
      InputFiles input,
      Medium medium,
      byte[] masterKey,
      LongSupplier wallNs,
      Progress progress) {
    this.options = options;
    this.input = input;
    this.medium = medium;
    this.masterKey = masterKey;
    this.wallNs = wallNs;
    this.progress = progress;
    random = new SplittableRandom(options.seed());
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
    MainJob job = new MainJob(options, input, medium, masterKey, wallNs, progress);
    SimulationConfig config =
        SimulationConfig.defaults()
            .withDevice(options.device(), options.media())
            .withEngine(options.engine());
    try (Simulation simulation = new Simulation(config, medium);
        Arena arena = Arena.ofShared()) {
      return job.live(simulation, arena);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private LifeReport live(Simulation simulation, Arena arena) throws IOException {
    long startNs = wallNs.getAsLong();
    MemorySegment buffer = arena.allocate(BUFFER_BYTES);
    FileSystem.format(volume(simulation), FormatOptions.of(options.strategy()));

    try (FileSystem fs = mount(simulation)) {
      fs.setPolicy("/", fs.addKey(masterKey));
      phase(simulation, "write", input.bytes(), () -> writeAll(fs, buffer));
      keyDerivations += fs.keyDerivations();
    }
    if (options.sabotage() == Sabotage.FLIP_MEDIUM_BIT) {
      flipOneBit(simulation);
    }

    MediumPrediction prediction;
    int extents;
    try (FileSystem fs = mount(simulation)) {
      KeyIdentifier key = fs.addKey(masterKey);
      phase(simulation, "read back", input.bytes(), () -> verifyAll(fs, buffer, "after remount"));
      phase(simulation, "copy, overwrite", 0, () -> copyAndOverwrite(fs, buffer));
      phase(
          simulation,
          "relocate while reading",
          totalBytes(),
          () -> relocateWhileReading(simulation, fs, arena));
      fs.sync();
      extents = fs.extentIds().size();
      prediction = predict(simulation, fs);
      if (prediction.blocks() < Math.max(extents, input.bytes() > 0 ? 1 : 0)) {
        problem(
            prediction.blocks()
                + " blocks of the medium were predicted, of "
                + extents
                + " extents");
      }
      phase(simulation, "key removed", 0, () -> removeKeyAndTry(fs, key));
      fs.addKey(masterKey);
      phase(
          simulation,
          "read with key again",
          totalBytes(),
          () -> verifyAll(fs, buffer, "after the key came back"));
      keyDerivations += fs.keyDerivations();
    }
    medium.flush();
    Fallback fallback = Objects.requireNonNull(simulation.blkCrypto().fallback());
    return new LifeReport(
        options,
        contentsCrypto,
        new LifeReport.Input(
            input.files().size(), input.directories().size(), input.skipped(), input.bytes()),
        fileComparisons,
        List.copyOf(problems),
        List.copyOf(phases),
        new LifeReport.Copies(copies.size(), reflinksRefused, overwrites),
        new LifeReport.Extents(
            extents,
            relocated.size(),
            relocationsWithoutRoom,
            relocationsWithoutKey,
            reencryptedBytes,
            readsDuringRelocation,
            contextBytes),
        new LifeReport.MediumBlocks(prediction.blocks(), prediction.mismatches()),
        new LifeReport.KeyRemoval(readAttempts, readable),
        simulation.queue().counters(),
        simulation.queue().keyslots().counters(),
        new LifeReport.Fallback(fallback.counters(), fallback.keyslotCounters()),
        keyDerivations,
        simulation.time().nowNs(),
        wallNs.getAsLong() - startNs,
        simulation.eventLogHash());
  }

  private static Volume volume(Simulation simulation) {
    return new Volume(simulation.queue(), simulation.plainQueue());
  }

  private FileSystem mount(Simulation simulation) {
    MountOptions mount = mountOptions();
    if (options.sabotage() == Sabotage.FILE_RELATIVE_DUN) {
      mount = mount.withDataUnitsFromFileStart();
    }
    FileSystem fs = FileSystem.mount(volume(simulation), simulation.blkCrypto(), mount);
    contextBytes = fs.extentContextBytes();
    contentsCrypto = fs.contentsCrypto();
    return fs;
  }

  /** The data of an image may be somebody's: its nonces are not to be foreseen. */
  private MountOptions mountOptions() {
    return options.image() == null ? MountOptions.seeded(options.seed()) : MountOptions.secure();
  }

  private interface Step {
    void run() throws IOException;
  }

  private void phase(Simulation simulation, String name, long bytes, Step step) throws IOException {
    long wallStart = wallNs.getAsLong();
    long virtualStart = simulation.time().nowNs();
    step.run();
    phases.add(
        new Phase(
            name, bytes, wallNs.getAsLong() - wallStart, simulation.time().nowNs() - virtualStart));
  }

  private long totalBytes() {
    return files.values().stream().mapToLong(Expected::sizeBytes).sum();
  }

  // ---- writing

  private void writeAll(FileSystem fs, MemorySegment buffer) throws IOException {
    for (String directory : input.directories()) {
      fs.makeDirectory("/" + directory);
    }
    long done = 0;
    for (InputFiles.InputFile file : input.files()) {
      Expected expected = new Expected("/" + file.path(), file.source(), file.sizeBytes());
      files.put(expected.path(), expected);
      expected.hasSha256(write(fs, expected, buffer));
      done += file.sizeBytes();
      progress.at("write", done, input.bytes());
    }
    fs.sync();
  }

  /** Writes a file and returns the SHA-256 of what was read from the input. */
  private static byte[] write(FileSystem fs, Expected file, MemorySegment buffer)
      throws IOException {
    MessageDigest digest = Expected.newSha256();
    try (Expected.Reader source = file.open();
        OpenFile target = fs.create(file.path())) {
      for (long at = 0; at < file.sizeBytes(); at += BUFFER_BYTES) {
        MemorySegment chunk = buffer.asSlice(0, Math.min(BUFFER_BYTES, file.sizeBytes() - at));
        source.read(at, chunk);
        digest.update(chunk.asByteBuffer());
        target.write(at, chunk);
      }
    }
    return digest.digest();
  }

  // ---- reading

  private void verifyAll(FileSystem fs, MemorySegment buffer, String when) throws IOException {
    long done = 0;
    long total = totalBytes();
    for (Expected file : files.values()) {
      verify(fs, file, buffer, when);
      done += file.sizeBytes();
      progress.at("read " + when, done, total);
    }
  }

  private void verify(FileSystem fs, Expected file, MemorySegment buffer, String when)
      throws IOException {
    MessageDigest digest = Expected.newSha256();
    try (OpenFile source = fs.open(file.path())) {
      if (source.sizeBytes() != file.sizeBytes()) {
        problem(
            file.path()
                + " has "
                + source.sizeBytes()
                + " bytes "
                + when
                + ", not "
                + file.sizeBytes());
        return;
      }
      for (long at = 0; at < file.sizeBytes(); at += BUFFER_BYTES) {
        MemorySegment chunk = buffer.asSlice(0, Math.min(BUFFER_BYTES, file.sizeBytes() - at));
        boolean overlaps = relocating;
        int begunBefore = relocationsBegun;
        source.read(at, chunk);
        if (overlaps || relocationsBegun > begunBefore) {
          readsDuringRelocation++;
        }
        digest.update(chunk.asByteBuffer());
      }
    }
    fileComparisons++;
    if (!Arrays.equals(digest.digest(), file.sha256(buffer))) {
      problem(file.path() + " reads back differently " + when + ": its SHA-256 is another");
    }
  }

  // ---- sharing and overwriting

  /** Copies a share of the files, by reflink where the strategy allows it, and patches them. */
  private void copyAndOverwrite(FileSystem fs, MemorySegment buffer) throws IOException {
    List<Expected> sources =
        share(files.values().stream().filter(file -> file.sizeBytes() > 0).toList());
    if (sources.isEmpty()) {
      return;
    }
    String directory = unusedName();
    fs.makeDirectory(directory);
    for (Expected source : sources) {
      Expected copy = source.copiedTo(directory + "/" + copies.size());
      try {
        fs.reflink(source.path(), copy.path());
      } catch (FsException e) {
        if (e.errno() != Errno.EOPNOTSUPP) {
          throw e;
        }
        reflinksRefused++;
        write(fs, copy, buffer);
      }
      files.put(copy.path(), copy);
      copies.add(copy.path());
      overwrite(fs, copy);
    }
    fs.sync();
  }

  /** A name in the root for the directory of the copies that the input does not use. */
  private String unusedName() {
    String name = "/.copies";
    while (files.containsKey(name) || input.directories().contains(name.substring(1))) {
      name += "_";
    }
    return name;
  }

  private void overwrite(FileSystem fs, Expected copy) {
    try (OpenFile file = fs.open(copy.path())) {
      for (int i = 0; i < PATCHES; i++) {
        long offset = random.nextLong(copy.sizeBytes());
        int most = (int) Math.min(MAX_PATCH_BYTES, copy.sizeBytes() - offset);
        byte[] patch = new byte[1 + random.nextInt(most)];
        random.nextBytes(patch);
        file.write(offset, MemorySegment.ofArray(patch));
        copy.patch(offset, MemorySegment.ofArray(patch));
        overwrites++;
      }
    }
  }

  /** A seeded one in {@link #SHARE} of {@code all}, at least one if there is any. */
  private <T> List<T> share(List<T> all) {
    List<T> chosen = new ArrayList<>();
    for (T candidate : all) {
      if (random.nextInt(SHARE) == 0) {
        chosen.add(candidate);
      }
    }
    if (chosen.isEmpty() && !all.isEmpty()) {
      chosen.add(all.get(random.nextInt(all.size())));
    }
    return chosen;
  }

  // ---- relocating

  private void relocateWhileReading(Simulation simulation, FileSystem fs, Arena arena) {
    List<Long> chosen = share(fs.extentIds());
    SimThread mover =
        simulation
            .time()
            .start(
                "relocation",
                () -> {
                  for (long id : chosen) {
                    if (relocate(fs, id)) {
                      relocated.add(id);
                    }
                  }
                });
    SimThread reader =
        simulation
            .time()
            .start(
                "reader",
                () -> {
                  try {
                    verifyAll(fs, arena.allocate(BUFFER_BYTES), "during relocation");
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                });
    mover.join();
    reader.join();
    relocationsWithoutKey = fs.relocationsWithoutKey();
    reencryptedBytes = fs.reencryptedBytes();
    relocationsWithoutRoom = chosen.size() - relocated.size() - relocationsWithoutKey;
  }

  /** On a full device, blocks that earlier moves freed can be used after a commit. */
  private boolean relocate(FileSystem fs, long id) {
    if (tryToRelocate(fs, id)) {
      return true;
    }
    fs.sync();
    return tryToRelocate(fs, id);
  }

  private boolean tryToRelocate(FileSystem fs, long id) {
    relocationsBegun++;
    relocating = true;
    boolean moved = fs.relocate(id);
    relocating = false;
    return moved;
  }

  // ---- predicting

  private MediumPrediction predict(Simulation simulation, FileSystem fs) throws IOException {
    MediumPrediction prediction =
        new MediumPrediction(
            medium.segment(),
            masterKey,
            options.strategy() == StrategyKind.PER_INODE,
            simulation.queue().profile().dunIsAddress());
    long[] bytes = {0};
    List<Runnable> checks = new ArrayList<>();
    boolean sameFromFileAndExtent = true;
    Set<Long> seen = new HashSet<>();
    for (Expected file : files.values()) {
      for (ExtentView run : fs.extents(file.path())) {
        sameFromFileAndExtent &= run.fileBlock() == run.offsetBlocks();
        boolean all = copies.contains(file.path()) || relocated.contains(run.extentId());
        if (all || seen.add(run.extentId())) {
          int count = all ? run.blocks() : 1;
          bytes[0] += (long) count * BLOCK_BYTES;
          checks.add(() -> prediction.check(file, run, count));
        }
      }
    }
    phase(
        simulation,
        "predict the medium",
        bytes[0],
        () -> checks.parallelStream().forEach(Runnable::run));
    if (options.sabotage() == Sabotage.FILE_RELATIVE_DUN && sameFromFileAndExtent) {
      problem("no file has an extent whose data unit numbers could be wrong");
    }
    if (prediction.mismatches() > 0) {
      problems.addFirst(
          prediction.mismatches()
              + " of "
              + prediction.blocks()
              + " predicted blocks are not what the medium holds; one of them: "
              + prediction.someMismatch());
    }
    return prediction;
  }

  // ---- the key goes

  private void removeKeyAndTry(FileSystem fs, KeyIdentifier key) {
    if (options.sabotage() != Sabotage.KEEP_KEY) {
      fs.removeKey(key);
    }
    MemorySegment one = MemorySegment.ofArray(new byte[1]);
    for (Expected file : files.values()) {
      readAttempts++;
      try (OpenFile open = fs.open(file.path())) {
        open.read(0, one);
        readable++;
      } catch (FsException e) {
        if (e.errno() != Errno.ENOKEY) {
          problem(file.path() + " without its key: " + e.getMessage());
        }
      }
    }
    if (readable > 0) {
      problem(readable + " of " + readAttempts + " files can be read after the key was removed");
    }
    KeyStatus status = fs.keyStatus(key);
    if (status != KeyStatus.ABSENT) {
      problem("the master key that was removed is " + status);
    }
  }

  // ---- sabotage

  private void flipOneBit(Simulation simulation) {
    try (FileSystem fs =
        FileSystem.mount(volume(simulation), simulation.blkCrypto(), mountOptions().asReadOnly())) {
      for (Expected file : files.values()) {
        Collection<ExtentView> runs = fs.extents(file.path());
        if (!runs.isEmpty()) {
          long at = runs.iterator().next().deviceBlock() * BLOCK_BYTES;
          byte value = medium.segment().get(ValueLayout.JAVA_BYTE, at);
          medium.segment().set(ValueLayout.JAVA_BYTE, at, (byte) (value ^ 1));
          return;
        }
      }
    }
    problem("no file has a block whose bit could be flipped");
  }

  private void problem(String what) {
    if (problems.size() < MAX_PROBLEMS) {
      problems.add(what);
    }
  }
}
