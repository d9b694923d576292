package blockdev.queue.layer;

import blockdev.bio.QueueLimits;
import blockdev.memory.HostMemory;
import blockdev.queue.BioSubmitter;
import blockdev.queue.BlockDevice;
import blockdev.queue.IoThread;
import blockdev.queue.IoThreads;
import blockdev.queue.crypto.BlkCrypto;
import blockdev.trace.Tracer;
import inlinecrypt.CryptoKey;
import inlinecrypt.keyslot.CryptoProfile;
import inlinecrypt.keyslot.KeyslotCompletion;
import inlinecrypt.keyslot.KeyslotManager;
import inlinecrypt.keyslot.WrappedKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A block device that lies on others as its table says ({@code struct mapped_device}). It has no
 * keyslots: its profile is what the table can pass through, and slots are those of the devices
 * below.
 *
 * <p>The table can be swapped while bios are under way. Close the device when nothing uses it any
 * more; the devices below stay open.
 */
public final class MappedDevice implements BlockDevice, AutoCloseable {
  /**
   * What is true at one time; replaced as a whole.
   *
   * @param everBelow the devices of this table and of all before it, each once
   */
  record Live(MappingTable table, CryptoProfile profile, List<BlockDevice> everBelow) {}

  private final List<MappedQueue> queues; // by thread
  private final KeyslotManager keys;
  private volatile Live live;

  /**
   * @param crypto of the simulation of the devices below
   */
  public MappedDevice(BlkCrypto crypto, MappingTable table) {
    live = new Live(table, table.profile(), table.devices());
    queues =
        IntStream.range(0, table.threads().count())
            .mapToObj(index -> new MappedQueue(this, table.threads().get(index)))
            .toList();
    keys =
        new KeyslotManager(
            0,
            new MappedKeys(crypto, () -> live.table.devices(), () -> live.everBelow),
            table.threads().get(0).events()::nowNs);
  }

  /**
   * Maps bios by {@code next} from now on. Those under way end on the old table. The capabilities
   * of the device become those of {@code next}, which must not be fewer. One thread at a time.
   *
   * @return the old table, for the caller to close when its bios have ended
   * @throws IllegalArgumentException if {@code next} cannot encrypt all that the device can; or is
   *     of another simulation
   */
  public MappingTable swap(MappingTable next) {
    Live old = live;
    if (next.threads() != threads() || next.memory() != memory()) {
      throw new IllegalArgumentException("the new table is of another simulation");
    }
    List<BlockDevice> everBelow = new ArrayList<>(old.everBelow);
    for (BlockDevice device : next.devices()) {
      if (everBelow.stream().noneMatch(known -> known == device)) {
        everBelow.add(device);
      }
    }
    live = new Live(next, old.profile.widenTo(next.profile()), everBelow);
    return old.table;
  }

  Live live() {
    return live;
  }

  public MappingTable table() {
    return live.table;
  }

  @Override
  public QueueLimits limits() {
    return live.table.limits();
  }

  @Override
  public long capacitySectors() {
    return live.table.sectors();
  }

  @Override
  public CryptoProfile profile() {
    return live.profile;
  }

  @Override
  public BioSubmitter submitter(IoThread thread) {
    return queues.get(thread.index());
  }

  @Override
  public IoThreads threads() {
    return live.table.threads();
  }

  /**
   * Asks every device below, and those of earlier tables, to forget {@code key}.
   *
   * @param done told {@link inlinecrypt.Errno#OK} when all have answered, even if one failed, as
   *     Linux does; {@link BlkCrypto#failedEvicts} has counted it
   */
  @Override
  public void evict(CryptoKey key, KeyslotCompletion done) {
    keys.evict(key, done);
  }

  @Override
  public WrappedKeys wrappedKeys() {
    return new WrappedKeys(live.profile, keys);
  }

  @Override
  public HostMemory memory() {
    return live.table.memory();
  }

  @Override
  public Tracer tracer() {
    return live.table.tracer();
  }

  /** Closes the table. */
  @Override
  public void close() {
    live.table.close();
  }
}
