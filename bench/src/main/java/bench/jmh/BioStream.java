package bench.jmh;

import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import blockdev.bio.BioStatus;
import blockdev.bio.QueueLimits;
import blockdev.memory.HostMemory;
import blockdev.queue.HardwareQueue;
import blockdev.sim.WaitPoint;
import inlinecrypt.CryptoConfig;
import inlinecrypt.CryptoKey;
import inlinecrypt.CryptoMode;
import inlinecrypt.engine.CipherEngine;
import inlinecrypt.engine.DataUnitCipher;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.ThreadParams;

/**
 * One thread's stream of I/O, on its own part of the medium and with its own queue pair, key and 1
 * MiB of pages, used in turn. Each piece goes as a bio, or as the engine call that the device makes
 * for that bio; one is under way at a time.
 */
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first
public class BioStream {
  private static final int UNIT_BYTES = 4096;
  private static final int PAGES_BYTES = 1 << 20;

  @Param public BioPattern pattern;

  @Param({"WRITE", "READ"})
  public BioOp op;

  private HardwareQueue queue;
  private CryptoKey key;
  private DataUnitCipher cipher;
  private Bio bio;
  private final WaitPoint ended = new WaitPoint();

  private MemorySegment memory;
  private MemorySegment medium;
  private long pagesOffset;
  private long partOffset;
  private long pieces; // in this thread's part, a power of two
  private int pieceBytes;
  private boolean random;

  private long count;
  private long state;
  private long pageOffset; // of the current piece
  private long mediumOffset;

  /** Writes this thread's part once, then compares a piece of each kind with the reference. */
  @Setup(Level.Trial)
  public void open(BioDevice device, ThreadParams thread) {
    queue = device.queue().submitter();
    memory = device.queue().memory().segment();
    medium = device.medium();
    pieceBytes = pattern.bioBytes();
    random = pattern.isRandom();
    long partBytes =
        BioDevice.MEDIUM_BYTES / Integer.highestOneBit(thread.getThreadCount() * 2 - 1);
    partOffset = thread.getThreadIndex() * partBytes;
    pagesOffset = allocatePages(device.queue().memory());
    bio = new Bio(1, whole -> ended.signal());

    SplittableRandom seeded = new SplittableRandom(thread.getThreadIndex());
    state = seeded.nextLong();
    byte[] plaintext = new byte[PAGES_BYTES];
    seeded.nextBytes(plaintext);
    MemorySegment.copy(plaintext, 0, memory, ValueLayout.JAVA_BYTE, pagesOffset, PAGES_BYTES);
    byte[] rawKey = new byte[CryptoMode.AES_256_XTS.keyBytes()];
    seeded.nextBytes(rawKey);
    key = device.newKey(new CryptoConfig(CryptoMode.AES_256_XTS, UNIT_BYTES, 8), rawKey);
    cipher = device.cipherEngine().prepare(CryptoMode.AES_256_XTS, MemorySegment.ofArray(rawKey));

    pieces = partBytes / pieceBytes;
    for (long offset = 0; offset < partBytes; offset += PAGES_BYTES) {
      submit(BioOp.WRITE, pagesOffset, partOffset + offset, PAGES_BYTES);
    }
    try (DataUnitCipher reference =
        CipherEngine.named("reference")
            .prepare(CryptoMode.AES_256_XTS, MemorySegment.ofArray(rawKey))) {
      runBio();
      checkAgainst(reference);
      runEngine();
      checkAgainst(reference);
    }
  }

  @TearDown(Level.Trial)
  public void close() {
    cipher.close();
  }

  /** The next piece, as a bio. */
  void runBio() {
    moveOn();
    submit(op, pageOffset, mediumOffset, pieceBytes);
  }

  /** The next piece, as the call to the engine that the bio would have come to. */
  void runEngine() {
    moveOn();
    long dun = mediumOffset / UNIT_BYTES;
    if (op == BioOp.WRITE) {
      cipher.encrypt(
          dun, 0, 0, 0, UNIT_BYTES, memory, pageOffset, medium, mediumOffset, pieceBytes);
    } else {
      cipher.decrypt(
          dun, 0, 0, 0, UNIT_BYTES, medium, mediumOffset, memory, pageOffset, pieceBytes);
    }
  }

  private void moveOn() {
    state = state * 6364136223846793005L + 1442695040888963407L; // Knuth's MMIX
    long piece = (random ? state >>> 32 : count) & (pieces - 1);
    mediumOffset = partOffset + piece * pieceBytes;
    pageOffset = pagesOffset + (count * pieceBytes & (PAGES_BYTES - 1));
    count++;
  }

  private void submit(BioOp op, long pages, long offset, int bytes) {
    ended.reset();
    bio.reset(op, offset >>> QueueLimits.SECTOR_SHIFT);
    bio.addSegment(pages, bytes);
    bio.crypt().set(key, offset / UNIT_BYTES);
    queue.submit(bio);
    queue.await(ended);
    if (bio.status() != BioStatus.OK) {
      throw new IllegalStateException(bio + " ended with " + bio.status());
    }
  }

  private void checkAgainst(DataUnitCipher reference) {
    MemorySegment expected = MemorySegment.ofArray(new byte[UNIT_BYTES]);
    for (long at : new long[] {0, pieceBytes - UNIT_BYTES}) {
      long page = pageOffset + at;
      long target = mediumOffset + at;
      long dun = target / UNIT_BYTES;
      reference.encrypt(dun, 0, 0, 0, UNIT_BYTES, memory, page, expected, 0, UNIT_BYTES);
      if (MemorySegment.mismatch(expected, 0, UNIT_BYTES, medium, target, target + UNIT_BYTES)
          >= 0) {
        throw new IllegalStateException("data unit " + dun + " is not what the reference makes");
      }
    }
  }

  /** One contiguous run, which a fresh pool gives to one thread at a time. */
  private static long allocatePages(HostMemory memory) {
    synchronized (memory) {
      long first = memory.allocate(HostMemory.MAX_RUN_BYTES);
      for (int at = HostMemory.MAX_RUN_BYTES; at < PAGES_BYTES; at += HostMemory.MAX_RUN_BYTES) {
        long next = memory.allocate(HostMemory.MAX_RUN_BYTES);
        if (next != first + at) {
          throw new IllegalStateException("the pool gave no contiguous pages: " + next);
        }
      }
      return first;
    }
  }
}
