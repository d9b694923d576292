package bench.lesson;

import blockdev.Simulation;
import blockdev.SimulationConfig;
import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import blockdev.bio.BioStatus;
import blockdev.bio.QueueLimits;
import blockdev.media.MemoryMedium;
import blockdev.queue.HardwareQueue;
import blockdev.sim.WaitPoint;
import inlinecrypt.CryptoKey;
import inlinecrypt.engine.CipherEngine;
import inlinecrypt.engine.DataUnitCipher;
import inlinecrypt.fscrypt.ExtentInfo;
import inlinecrypt.fscrypt.FilesystemTraits;
import inlinecrypt.fscrypt.FscryptContext;
import inlinecrypt.fscrypt.FscryptPolicy;
import inlinecrypt.fscrypt.InodeInfo;
import inlinecrypt.fscrypt.KeyIdentifier;
import inlinecrypt.fscrypt.Keyring;
import inlinecrypt.fscrypt.Nonce;
import java.io.PrintWriter;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * One block of an encrypted extent, written and read back: what the data path does with it, told
 * step by step, and checked against the reference engine in the end.
 *
 * <p>Everything is fixed, the keys too, so that the story is the same each time.
 */
public final class PathLesson {
  private static final int BLOCK_BYTES = 4096;

  /** Two bytes that differ, so that one sees in which order the IV has them. */
  private static final long DUN = 0x0102;

  private static final long EXTENT_START_BLOCK = 4096;

  private static final long BLOCK = EXTENT_START_BLOCK + DUN;
  private static final long SECTOR = BLOCK * BLOCK_BYTES >>> QueueLimits.SECTOR_SHIFT;
  private static final long MEDIUM_BYTES = 64 << 20;
  private static final long MAX_EXTENT_BYTES = 128 << 20;
  private static final int MASTER_KEY_BYTES = 32;
  private static final Nonce INODE_NONCE = new Nonce(0, 1);
  private static final Nonce EXTENT_NONCE = new Nonce(0x0123456789ABCDEFL, 0xFEDCBA9876543210L);
  private static final String PLAINTEXT = "Attack at dawn! ";

  private final CipherEngine engine;
  private final int slotCount;
  private final PrintWriter out;

  /**
   * @param slotCount keyslots of the device, from 1 to 65535
   */
  public PathLesson(CipherEngine engine, int slotCount, PrintWriter out) {
    if (slotCount < 1 || slotCount > 0xFFFF) {
      throw new IllegalArgumentException("slotCount must be from 1 to 65535, is " + slotCount);
    }
    this.engine = engine;
    this.slotCount = slotCount;
    this.out = out;
  }

  /** Tells the story; true if the medium held what the reference predicts, and it read back. */
  public boolean tell() {
    FilesystemTraits filesystem = new FilesystemTraits(true, BLOCK_BYTES, MAX_EXTENT_BYTES);
    try (Keyring keyring = new Keyring(filesystem)) {
      KeyIdentifier identifier = keyring.add(lessonMasterKey());
      FscryptContext context = new FscryptContext(FscryptPolicy.aes256Xts(identifier), INODE_NONCE);
      try (InodeInfo inode = InodeInfo.unlock(keyring, context);
          ExtentInfo extent = inode.newExtent(() -> EXTENT_NONCE)) {
        return tell(extent, identifier);
      }
    }
  }

  private boolean tell(ExtentInfo extent, KeyIdentifier identifier) {
    PathStory story = new PathStory(out);
    SimulationConfig config =
        SimulationConfig.defaults().withSlots(slotCount).withEngine(engine).withTracer(story);
    try (MemoryMedium medium = new MemoryMedium(MEDIUM_BYTES);
        Simulation simulation = new Simulation(config, medium)) {
      story.follow(simulation);
      MemorySegment memory = simulation.queue().memory().segment();
      long written = simulation.queue().memory().allocate(BLOCK_BYTES);
      long read = simulation.queue().memory().allocate(BLOCK_BYTES);
      byte[] plaintext =
          PLAINTEXT.repeat(BLOCK_BYTES / PLAINTEXT.length()).getBytes(StandardCharsets.US_ASCII);
      MemorySegment.copy(plaintext, 0, memory, ValueLayout.JAVA_BYTE, written, BLOCK_BYTES);

      out.printf(
          """
          Data unit %d of an encrypted extent, written and read back. The extent starts at block %d of
          the device, so this is block %d, of 4096 bytes each, or sector %d, of 512. The device has
          %d keyslots; its cipher is %s by engine %s. On the left: virtual microseconds.
          This lesson shows plaintext; no other output does.

          """,
          DUN,
          EXTENT_START_BLOCK,
          BLOCK,
          SECTOR,
          slotCount,
          extent.key().config().mode(),
          engine.name());
      story.extent(extent.nonce().toString(), identifier.toString());
      out.printf("%nThe write%n");
      run(simulation, BioOp.WRITE, extent, written);
      out.printf("%nThe read%n");
      run(simulation, BioOp.READ, extent, read);

      boolean predicted = isPredicted(extent.key(), plaintext, medium.segment());
      boolean readBack =
          MemorySegment.mismatch(
                  memory, read, read + BLOCK_BYTES, memory, written, written + BLOCK_BYTES)
              < 0;
      out.printf(
          "%nOn the medium is %s what the reference engine predicts; read back is %s.%n",
          predicted ? "exactly" : "NOT", readBack ? "what was written" : "SOMETHING ELSE");
      evict(simulation, extent.key());
      return predicted && readBack;
    }
  }

  private static void run(Simulation simulation, BioOp op, ExtentInfo extent, long page) {
    HardwareQueue queue = simulation.queue().hardwareQueue();
    WaitPoint done = new WaitPoint();
    Bio bio = new Bio(1, ended -> done.signal());
    bio.reset(op, SECTOR);
    bio.addSegment(page, BLOCK_BYTES);
    extent.setContext(bio.crypt(), DUN * BLOCK_BYTES);
    queue.submit(bio);
    queue.await(done);
    if (bio.status() != BioStatus.OK) {
      throw new IllegalStateException(bio + " ended with " + bio.status());
    }
  }

  private static void evict(Simulation simulation, CryptoKey key) {
    WaitPoint evicted = new WaitPoint();
    simulation.queue().keyslots().evict(key, result -> evicted.signal());
    simulation.queue().hardwareQueue().await(evicted);
  }

  private static boolean isPredicted(CryptoKey key, byte[] plaintext, MemorySegment medium) {
    MemorySegment expected = MemorySegment.ofArray(new byte[BLOCK_BYTES]);
    try (DataUnitCipher reference =
        CipherEngine.named("reference").prepare(key.config().mode(), key.exposeSecretBytes())) {
      reference.encrypt(
          DUN, 0, 0, 0, BLOCK_BYTES, MemorySegment.ofArray(plaintext), 0, expected, 0, BLOCK_BYTES);
    }
    long start = BLOCK * BLOCK_BYTES;
    return MemorySegment.mismatch(expected, 0, BLOCK_BYTES, medium, start, start + BLOCK_BYTES) < 0;
  }

  /** 00 01 02 …: everybody may know this one. */
  private static byte[] lessonMasterKey() {
    byte[] key = new byte[MASTER_KEY_BYTES];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) i;
    }
    return key;
  }
}
