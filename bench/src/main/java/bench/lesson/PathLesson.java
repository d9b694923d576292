package bench.lesson;

import bench.life.PredictedContents;
import blockdev.Simulation;
import blockdev.SimulationConfig;
import blockdev.fs.ExtentView;
import blockdev.fs.FileSystem;
import blockdev.fs.FormatOptions;
import blockdev.fs.MountOptions;
import blockdev.fs.OpenFile;
import blockdev.fs.StrategyKind;
import blockdev.media.MemoryMedium;
import inlinecrypt.CryptoMode;
import inlinecrypt.engine.CipherEngine;
import inlinecrypt.fscrypt.Nonce;
import java.io.PrintWriter;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;

/**
 * One block of an encrypted file, written and read back: what the data path does with it, told step
 * by step, and checked against the reference engine in the end.
 *
 * <p>It is the file's second write, so that its extent does not begin where the file does.
 * Everything is fixed, the keys too, so that the story is the same each time.
 */
public final class PathLesson {
  private static final int BLOCK_BYTES = 4096;

  /** Blocks that the file has before, in an extent of their own. */
  private static final int BLOCKS_BEFORE = 5;

  private static final long OFFSET = (long) BLOCKS_BEFORE * BLOCK_BYTES;
  private static final String PATH = "/letters/to-alice";
  private static final String PLAINTEXT = "Attack at dawn! ";
  private static final long MEDIUM_BYTES = 64 << 20;
  private static final long SEED = 1;
  private static final int MASTER_KEY_BYTES = 32;

  private final CipherEngine engine;
  private final int slotCount;
  private final StrategyKind strategy;
  private final boolean perInode;
  private final PrintWriter out;

  /**
   * @param slotCount keyslots of the device, from 1 to 65535
   */
  public PathLesson(CipherEngine engine, int slotCount, StrategyKind strategy, PrintWriter out) {
    if (slotCount < 1 || slotCount > 0xFFFF) {
      throw new IllegalArgumentException("slotCount must be from 1 to 65535, is " + slotCount);
    }
    this.engine = engine;
    this.slotCount = slotCount;
    this.strategy = strategy;
    perInode = strategy == StrategyKind.PER_INODE;
    this.out = out;
  }

  /** Tells the story; true if the medium held what the reference predicts, and it read back. */
  public boolean tell() {
    SimulationConfig config = SimulationConfig.defaults().withSlots(slotCount).withEngine(engine);
    PathStory story = new PathStory(out, perInode, config.host().queueDepth() + 1);
    try (MemoryMedium medium = new MemoryMedium(MEDIUM_BYTES);
        Simulation simulation = new Simulation(config.withTracer(story), medium)) {
      FileSystem.format(simulation.queue(), FormatOptions.of(strategy));
      try (FileSystem fs =
          FileSystem.mount(simulation.queue(), simulation.blkCrypto(), MountOptions.seeded(SEED))) {
        fs.makeDirectory("/letters");
        fs.setPolicy("/letters", fs.addKey(lessonMasterKey()));
        byte[] plaintext =
            PLAINTEXT.repeat(BLOCK_BYTES / PLAINTEXT.length()).getBytes(StandardCharsets.US_ASCII);
        byte[] readBack = new byte[BLOCK_BYTES];
        try (OpenFile file = fs.create(PATH)) {
          file.write(0, MemorySegment.ofArray(new byte[(int) OFFSET]));
          file.fsync();
          introduce();
          story.begin(simulation);
          write(file, plaintext, story);
          read(file, readBack, story);
        }
        boolean predicted = isPredicted(fs.extents(PATH).getLast(), plaintext, medium.segment());
        boolean same = Arrays.equals(plaintext, readBack);
        out.printf(
            "%nOn the medium is %s what the reference engine predicts; read back is %s.%n",
            predicted ? "exactly" : "NOT", same ? "what was written" : "SOMETHING ELSE");
        return predicted && same;
      }
    }
  }

  private void introduce() {
    out.printf(
        Locale.ROOT,
        """
        Block %d of an encrypted file, written and read back. Blocks 0 to %d lie in an extent already;
        blocks have 4096 bytes, sectors 512. The device has %d keyslots; its cipher is %s by
        engine %s. Strategy %s: each %s has its own key. On the left: virtual
        microseconds. This lesson shows plaintext; no other output does.
        """,
        BLOCKS_BEFORE,
        BLOCKS_BEFORE - 1,
        slotCount,
        CryptoMode.AES_256_XTS,
        engine.name(),
        strategy.label(),
        perInode ? "inode" : "extent");
  }

  private void write(OpenFile file, byte[] plaintext, PathStory story) {
    out.printf("%nThe write%n");
    file.write(OFFSET, MemorySegment.ofArray(plaintext));
    story.step("write()", "%d bytes at byte %d: now in a dirty page, no more", BLOCK_BYTES, OFFSET);
    story.step("fsync()", "dirty pages get their place on the device, in a new extent");
    file.fsync();
    story.step(
        "fsync()",
        "... and %d plain commands for metadata, a Flush and the journal: it is durable",
        story.plainCommands());
  }

  private void read(OpenFile file, byte[] target, PathStory story) {
    out.printf("%nThe read%n");
    story.step("read()", "%d bytes at byte %d", BLOCK_BYTES, OFFSET);
    file.read(OFFSET, MemorySegment.ofArray(target));
  }

  /** Whether the medium has what follows from master key, nonce and the block's number alone. */
  private boolean isPredicted(ExtentView run, byte[] plaintext, MemorySegment medium) {
    Nonce nonce = Objects.requireNonNull(run.nonce(), "the file is encrypted");
    MemorySegment expected = MemorySegment.ofArray(plaintext.clone());
    try (PredictedContents contents = new PredictedContents(lessonMasterKey(), nonce, perInode)) {
      contents.encrypt(perInode ? BLOCKS_BEFORE : 0, expected);
    }
    long start = run.deviceBlock() * BLOCK_BYTES;
    return MemorySegment.mismatch(expected, 0, BLOCK_BYTES, medium, start, start + BLOCK_BYTES) < 0;
  }

  /** 00 01 02 ...: everybody may know this one. */
  private static byte[] lessonMasterKey() {
    byte[] key = new byte[MASTER_KEY_BYTES];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) i;
    }
    return key;
  }
}
