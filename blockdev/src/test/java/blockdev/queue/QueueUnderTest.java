package blockdev.queue;

import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import blockdev.bio.BioStatus;
import blockdev.bio.QueueLimits;
import blockdev.memory.HostMemory;
import blockdev.sim.EventQueue;
import blockdev.sim.SimTime;
import blockdev.sim.WaitPoint;
import blockdev.trace.Tracer;
import inlinecrypt.CryptoConfig;
import inlinecrypt.CryptoKey;
import inlinecrypt.CryptoMode;
import inlinecrypt.Errno;
import inlinecrypt.keyslot.CryptoProfile;
import inlinecrypt.keyslot.KeyslotCompletion;
import inlinecrypt.keyslot.KeyslotDevice;
import inlinecrypt.keyslot.KeyslotManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A hardware queue of a 1 MiB device, above a driver that collects requests until the test ends
 * them, and keyslots that are programmed at once.
 */
final class QueueUnderTest implements AutoCloseable {
  static final QueueLimits LIMITS = new QueueLimits(512, 1 << 20, 256);
  static final long SECTORS = 2048;

  final SimTime time = SimTime.virtual();
  final EventQueue events = time.newEventQueue();
  final HostMemory memory = new HostMemory(65536);
  final List<Request> issued = new ArrayList<>();
  final List<Bio> ended = new ArrayList<>();
  final KeyslotManager keyslots;
  final BlockQueue device;
  final HardwareQueue queue;
  Errno programResult = Errno.OK;
  private long nextOffset;

  QueueUnderTest() {
    this(LIMITS, 4, 64);
  }

  QueueUnderTest(QueueLimits limits, int slots, int depth) {
    this(limits, slots, depth, Tracer.OFF);
  }

  QueueUnderTest(QueueLimits limits, int slots, int depth, Tracer tracer) {
    this(limits, slots, depth, Scheduler.NONE, tracer);
  }

  QueueUnderTest(QueueLimits limits, int slots, int depth, Scheduler scheduler, Tracer tracer) {
    keyslots = new KeyslotManager(slots, new InstantKeyslots(), time::nowNs);
    device =
        new BlockQueue(
            limits,
            SECTORS,
            new CryptoProfile(slots, 8, Map.of(CryptoMode.AES_256_XTS, 512 | 4096 | 16384)),
            keyslots,
            memory,
            tracer,
            (index, request) -> issued.add(request),
            new IoThreads(List.of(events)),
            depth,
            scheduler);
    queue = device.submitter();
  }

  /** One whose driver takes {@code depth} requests at a time, with as many waiting for it. */
  static QueueUnderTest withElevator(QueueLimits limits, int slots, int depth) {
    return new QueueUnderTest(limits, slots, depth, Scheduler.ELEVATOR, Tracer.OFF);
  }

  static CryptoKey key(int number) {
    return key(number, 4096, 8);
  }

  static CryptoKey key(int number, int dataUnitSizeBytes, int dunBytes) {
    byte[] raw = new byte[64];
    raw[0] = (byte) number;
    raw[63] = 1;
    return new CryptoKey(
        new CryptoConfig(CryptoMode.AES_256_XTS, dataUnitSizeBytes, dunBytes), raw);
  }

  Bio bio(BioOp op, long sector) {
    return new Bio(Bio.MAX_SEGMENTS, ended::add).reset(op, sector);
  }

  /** A plain write from page-aligned memory that continues no other's. */
  Bio write(long sector, int bytes) {
    Bio bio = bio(BioOp.WRITE, sector);
    bio.addSegment(nextOffset, bytes);
    nextOffset += (bytes + 8191) & -4096;
    return bio;
  }

  Bio write(long sector, int bytes, CryptoKey key, long dun) {
    Bio bio = write(sector, bytes);
    bio.crypt().set(key, dun);
    return bio;
  }

  void submit(Bio... bios) {
    for (Bio bio : bios) {
      queue.submit(bio);
    }
  }

  /** Puts {@code key} into a slot, so that later requests get it at once. */
  void makeResident(CryptoKey key) {
    submit(write(0, 4096, key, 0));
    endAll();
    ended.clear();
  }

  /** Runs all events that are due. */
  void settle() {
    WaitPoint over = new WaitPoint();
    events.schedule(over::signal, 1);
    events.await(over);
  }

  /** Ends the oldest request that was issued, as the driver does from an event. */
  void endOldest(BioStatus status) {
    Request request = issued.removeFirst();
    events.schedule(() -> request.end(status), 0);
    settle();
  }

  void endAll() {
    settle();
    while (!issued.isEmpty()) {
      endOldest(BioStatus.OK);
    }
  }

  /** The driver's interrupt: ends all that was issued. */
  void endIssued() {
    while (!issued.isEmpty()) {
      issued.removeFirst().end(BioStatus.OK);
    }
  }

  void endsWhatIsIssuedEvery(long periodNs, int times) {
    for (int i = 1; i <= times; i++) {
      events.schedule(this::endIssued, i * periodNs);
    }
  }

  QueueCounters counters() {
    return device.counters();
  }

  @Override
  public void close() {
    time.close();
    memory.close();
  }

  private final class InstantKeyslots implements KeyslotDevice {
    @Override
    public void program(int slot, CryptoKey key, KeyslotCompletion done) {
      done.done(programResult);
    }

    @Override
    public void evict(int slot, CryptoKey key, KeyslotCompletion done) {
      done.done(Errno.OK);
    }
  }
}
