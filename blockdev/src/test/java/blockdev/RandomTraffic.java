package blockdev;

import static org.assertj.core.api.Assertions.assertThat;

import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import blockdev.bio.BioStatus;
import blockdev.memory.HostMemory;
import blockdev.queue.BioSubmitter;
import blockdev.sim.SimThread;
import blockdev.sim.WaitPoint;
import inlinecrypt.CryptoConfig;
import inlinecrypt.CryptoKey;
import inlinecrypt.CryptoMode;
import inlinecrypt.Errno;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Seeded reads and writes by several threads, each checked against a plain array of bytes.
 *
 * <p>The device is cut into extents of 32 KiB, each with a key and a first data unit number of its
 * own, or plain. A thread keeps to its own extents; what it has under way at one time does not
 * overlap.
 */
final class RandomTraffic {
  private static final int EXTENT_BYTES = 32 * 1024;
  private static final int KEYS = 40;

  final byte[] expected; // plaintext, by byte of the device
  final boolean[] written; // by data unit
  private final Simulation simulation;
  private final long seed;
  private final int unitBytes;
  private final int skewBytes; // extents need not start at a multiple of the data unit
  private final int extents;
  private final byte[][] rawKeys = new byte[KEYS][64];
  private final CryptoKey[] keys = new CryptoKey[KEYS];
  private final long[] firstDun;

  RandomTraffic(Simulation simulation, long seed, int unitBytes) {
    this.simulation = simulation;
    this.seed = seed;
    this.unitBytes = unitBytes;
    int deviceBytes = (int) simulation.queue().capacitySectors() * 512;
    skewBytes = simulation.queue().limits().logicalBlockBytes();
    extents = (deviceBytes - skewBytes) / EXTENT_BYTES;
    expected = new byte[deviceBytes];
    written = new boolean[extents * EXTENT_BYTES / unitBytes];
    firstDun = new long[extents];
    Random random = new Random(seed);
    for (int i = 0; i < KEYS; i++) {
      random.nextBytes(rawKeys[i]);
      keys[i] = new CryptoKey(new CryptoConfig(CryptoMode.AES_256_XTS, unitBytes, 8), rawKeys[i]);
      assertThat(simulation.blkCrypto().startUsing(simulation.queue(), keys[i]))
          .isEqualTo(Errno.OK);
    }
    for (int extent = 0; extent < extents; extent++) {
      firstDun[extent] = random.nextInt(3) == 0 ? -1 - random.nextInt(4) : random.nextLong();
    }
  }

  /** Runs {@code threads} simulated threads to their end. */
  void run(int threads, int roundsEach, Runnable disturbance) {
    List<SimThread> started = new ArrayList<>();
    for (int thread = 0; thread < threads; thread++) {
      int number = thread;
      Random random = new Random(seed * 31 + thread);
      started.add(
          simulation
              .time()
              .start(
                  "traffic-" + thread,
                  () -> {
                    for (int round = 0; round < roundsEach; round++) {
                      disturbance.run();
                      round(number, threads, random);
                    }
                  }));
    }
    started.forEach(SimThread::join);
  }

  private record Piece(Bio bio, int start, int length, List<long[]> memory) {}

  private void round(int thread, int threads, Random random) {
    BioSubmitter queue = simulation.blkCrypto().submitter(simulation.queue());
    int extent = thread + threads * random.nextInt((extents - thread + threads - 1) / threads);
    BioOp op = random.nextInt(5) < 3 ? BioOp.WRITE : BioOp.READ;
    boolean isPlugged = random.nextInt(4) > 0;
    int step = Math.max(unitBytes, simulation.queue().limits().logicalBlockBytes());
    WaitPoint all = new WaitPoint();
    int[] underWay = {1};
    List<Piece> pieces = new ArrayList<>();
    if (isPlugged) {
      queue.startPlug();
    }
    int at = random.nextInt(EXTENT_BYTES / step) * step;
    while (at < EXTENT_BYTES && pieces.size() < 8) {
      int grain = random.nextInt(3) == 0 ? step : 4096;
      int length = Math.min(EXTENT_BYTES - at, grain * (1 + random.nextInt(6)));
      Piece piece =
          piece(
              op,
              extent,
              at,
              length,
              random,
              () -> {
                if (--underWay[0] == 0) {
                  all.signal();
                }
              });
      pieces.add(piece);
      underWay[0]++;
      queue.submit(piece.bio);
      at += length + (random.nextInt(3) == 0 ? step : 0);
    }
    if (isPlugged) {
      queue.finishPlug();
    }
    if (--underWay[0] > 0) {
      queue.await(all);
    }
    pieces.forEach(this::check);
  }

  private Piece piece(BioOp op, int extent, int at, int length, Random random, Runnable whenEnded) {
    int start = skewBytes + extent * EXTENT_BYTES + at;
    List<long[]> memory = new ArrayList<>();
    Bio bio = new Bio(Bio.MAX_SEGMENTS, ended -> whenEnded.run()).reset(op, start / 512);
    int largest = unitBytes == 512 && random.nextBoolean() ? 4096 : 65536;
    for (int done = 0; done < length; ) {
      int bytes = Math.min(length - done, Math.min(largest, 4096 * (1 + random.nextInt(4))));
      long offset = simulation.queue().memory().allocate(bytes);
      assertThat(offset).isNotEqualTo(HostMemory.NONE);
      memory.add(new long[] {offset, bytes});
      bio.addSegment(offset, bytes);
      done += bytes;
    }
    if (key(extent) >= 0) {
      bio.crypt().set(keys[key(extent)], firstDun[extent] + at / unitBytes);
      if (Long.compareUnsigned(firstDun[extent] + at / unitBytes, firstDun[extent]) < 0) {
        bio.crypt().set(keys[key(extent)], firstDun[extent] + at / unitBytes, 1, 0, 0);
      }
    }
    if (op == BioOp.WRITE) {
      byte[] data = new byte[length];
      random.nextBytes(data);
      System.arraycopy(data, 0, expected, start, length);
      Arrays.fill(
          written, (start - skewBytes) / unitBytes, (start - skewBytes + length) / unitBytes, true);
      copy(memory, data, true);
    }
    return new Piece(bio, start, length, memory);
  }

  /** Extents whose number is a multiple of 8 are plain: −1. */
  int key(int extent) {
    return extent % 8 == 0 ? -1 : extent % KEYS;
  }

  private void check(Piece piece) {
    assertThat(piece.bio.status()).isEqualTo(BioStatus.OK);
    if (piece.bio.op() == BioOp.READ) {
      byte[] read = new byte[piece.length];
      copy(piece.memory, read, false);
      for (int at = 0; at < piece.length; at += unitBytes) {
        int start = piece.start + at;
        if (written[(start - skewBytes) / unitBytes]) {
          assertThat(Arrays.mismatch(read, at, at + unitBytes, expected, start, start + unitBytes))
              .as("seed %d, unit at %d", seed, start)
              .isEqualTo(-1);
        }
      }
    }
    for (long[] run : piece.memory) {
      simulation.queue().memory().free(run[0], (int) run[1]);
    }
  }

  private void copy(List<long[]> memory, byte[] data, boolean toMemory) {
    MemorySegment host = simulation.queue().memory().segment();
    int done = 0;
    for (long[] run : memory) {
      if (toMemory) {
        MemorySegment.copy(data, done, host, ValueLayout.JAVA_BYTE, run[0], (int) run[1]);
      } else {
        MemorySegment.copy(host, ValueLayout.JAVA_BYTE, run[0], data, done, (int) run[1]);
      }
      done += (int) run[1];
    }
  }

  /** For each data unit that was written: its place, key (null if plain) and number. */
  void forEachWrittenUnit(UnitVisitor visitor) {
    int unitsPerExtent = EXTENT_BYTES / unitBytes;
    for (int unit = 0; unit < written.length; unit++) {
      if (written[unit]) {
        int extent = unit / unitsPerExtent;
        long dun0 = firstDun[extent] + unit % unitsPerExtent;
        long dun1 = Long.compareUnsigned(dun0, firstDun[extent]) < 0 ? 1 : 0;
        int key = key(extent);
        visitor.visit(skewBytes + unit * unitBytes, key, dun0, dun1);
      }
    }
  }

  byte[] rawKey(int key) {
    return rawKeys[key];
  }

  interface UnitVisitor {
    void visit(int startBytes, int key, long dun0, long dun1);
  }
}
