package blockdev;

import static org.assertj.core.api.Assertions.assertThat;

import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import blockdev.bio.BioStatus;
import blockdev.fault.Fault;
import blockdev.fault.FaultKind;
import blockdev.fault.FaultPlan;
import blockdev.media.MemoryMedium;
import blockdev.memory.HostMemory;
import blockdev.nvme.LogPage;
import blockdev.queue.HardwareQueue;
import blockdev.sim.WaitPoint;
import inlinecrypt.CryptoConfig;
import inlinecrypt.CryptoKey;
import inlinecrypt.CryptoMode;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A device in which things go wrong, and a host that asks one thing at a time. There are 64 blocks,
 * each of which holds one value in all its bytes.
 */
final class FaultyDevice implements AutoCloseable {
  static final int BLOCK = 4096;
  static final int BLOCKS = 64;
  static final int GARBAGE = -1;

  private final MemoryMedium medium = new MemoryMedium(BLOCKS * BLOCK);
  final Simulation simulation;
  private final HardwareQueue queue;
  private final MemorySegment memory;
  private final long pages;
  private @Nullable CryptoKey key;

  FaultyDevice(String... faults) {
    this(new FaultPlan(1, Arrays.stream(faults).map(Fault::parse).toList()));
  }

  FaultyDevice(FaultPlan plan) {
    simulation =
        new Simulation(
            SimulationConfig.defaults()
                .withHost(HostModel.DEFAULT.withMemoryBytes(32 << 20))
                .withFaults(plan),
            medium);
    queue = simulation.queue().submitter();
    HostMemory host = simulation.queue().memory();
    memory = host.segment();
    pages = host.allocate(HostMemory.MAX_RUN_BYTES);
  }

  /** From now on blocks are encrypted, each under its number. */
  void useKey() {
    byte[] raw = new byte[64];
    new Random(3).nextBytes(raw);
    key = new CryptoKey(new CryptoConfig(CryptoMode.AES_256_XTS, BLOCK, 8), raw);
  }

  void resetController() {
    WaitPoint over = new WaitPoint();
    simulation.resetController(result -> over.signal());
    queue.await(over);
  }

  void evictKey() {
    WaitPoint over = new WaitPoint();
    simulation.queue().evict(Objects.requireNonNull(key), result -> over.signal());
    queue.await(over);
  }

  /** In requests of up to 16 blocks; the status of the last. */
  BioStatus write(int block, int blocks, int value) {
    BioStatus status = BioStatus.OK;
    for (int at = block; at < block + blocks; at += 16) {
      int count = Math.min(16, block + blocks - at);
      memory.asSlice(pages, (long) count * BLOCK).fill((byte) value);
      status = run(BioOp.WRITE, at, count);
    }
    return status;
  }

  BioStatus read(int block, int blocks) {
    return run(BioOp.READ, block, blocks);
  }

  BioStatus flush() {
    return run(BioOp.FLUSH, 0, 0);
  }

  /** The value in each of the blocks, or {@link #GARBAGE}. */
  List<Integer> contents(int block, int blocks) {
    List<Integer> values = new ArrayList<>();
    for (int at = block; at < block + blocks; at++) {
      assertThat(read(at, 1)).isEqualTo(BioStatus.OK);
      byte[] bytes = memory.asSlice(pages, BLOCK).toArray(ValueLayout.JAVA_BYTE);
      byte[] whole = new byte[BLOCK];
      Arrays.fill(whole, bytes[0]);
      values.add(Arrays.equals(bytes, whole) ? (int) bytes[0] : GARBAGE);
    }
    return values;
  }

  private BioStatus run(BioOp op, int block, int blocks) {
    WaitPoint done = new WaitPoint();
    Bio bio = new Bio(1, ended -> done.signal()).reset(op, (long) block * BLOCK / 512);
    if (blocks > 0) {
      bio.addSegment(pages, blocks * BLOCK);
      if (key != null) {
        bio.crypt().set(key, block);
      }
    }
    queue.submit(bio);
    queue.await(done);
    return bio.status();
  }

  /** Writes blocks at once, one request for each; their statuses. */
  List<BioStatus> writeTogether(int block, int blocks, int value) {
    WaitPoint allDone = new WaitPoint();
    int[] left = {blocks};
    List<Bio> bios = new ArrayList<>();
    memory.asSlice(pages, (long) blocks * BLOCK).fill((byte) value);
    for (int i = 0; i < blocks; i++) {
      Bio bio =
          new Bio(
                  1,
                  ended -> {
                    if (--left[0] == 0) {
                      allDone.signal();
                    }
                  })
              .reset(BioOp.WRITE, (long) (block + i) * BLOCK / 512);
      bio.addSegment(pages + (long) i * BLOCK, BLOCK);
      bio.noMerge();
      if (key != null) {
        bio.crypt().set(key, block + i);
      }
      bios.add(bio);
    }
    bios.forEach(queue::submit);
    queue.await(allDone);
    return bios.stream().map(Bio::status).toList();
  }

  void pause(long durationNs) {
    WaitPoint over = new WaitPoint();
    queue.thread().events().schedule(over::signal, durationNs);
    queue.await(over);
  }

  /** The newest entry of the error log; zeroes if there is none. */
  ByteBuffer newestError() {
    return log(LogPage.ERRORS, LogPage.ERROR_ENTRY_BYTES);
  }

  ByteBuffer health() {
    return log(LogPage.HEALTH, LogPage.HEALTH_BYTES);
  }

  private ByteBuffer log(int page, int bytes) {
    return ByteBuffer.wrap(simulation.driver().readLog(page, bytes)).order(ByteOrder.LITTLE_ENDIAN);
  }

  long happened(FaultKind kind) {
    return simulation.faults().happened(kind);
  }

  byte[] medium() {
    return medium.segment().toArray(ValueLayout.JAVA_BYTE);
  }

  @Override
  public void close() {
    simulation.close();
    medium.close();
  }
}
