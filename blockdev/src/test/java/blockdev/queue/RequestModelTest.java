package blockdev.queue;

import static org.assertj.core.api.Assertions.assertThat;

import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import blockdev.bio.BioStatus;
import blockdev.bio.QueueLimits;
import blockdev.bio.SegmentCursor;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Seeded bios through plug, split, merge, elevator and requeue, against a model that knows each
 * 512-byte piece of each bio by its memory: where it belongs, under which key and number.
 */
@Timeout(60)
class RequestModelTest {
  private static final int BIOS = 1500;
  private static final int SECTORS = 4000;
  private static final int KEYS = 6;

  private final SimTime time = SimTime.virtual();
  private final EventQueue events = time.newEventQueue();
  private final HostMemory memory = new HostMemory(65536);
  private final List<String> log = new ArrayList<>();
  private final Map<Long, Piece> pieces = new HashMap<>(); // by host offset; never walked
  private final @Nullable CryptoKey[] slots = new @Nullable CryptoKey[4];
  private final int[] holders = new int[slots.length];
  private final List<CryptoKey> keys = new ArrayList<>();
  private Random random = new Random(0);
  private QueueLimits limits = QueueUnderTest.LIMITS;
  private long nextOffset;
  private long lastStart;
  private long lastEnd;
  private long gap;
  private int openBios;
  private int issuedRequests;
  private int depth;
  private BioStatus flushStatus = BioStatus.OK; // of the flush that ends

  /** 512 bytes of a bio. */
  private static final class Piece {
    final Model bio;
    final long sector;
    final long dun;
    boolean withDriver;
    boolean ended;

    Piece(Model bio, long sector, long dun) {
      this.bio = bio;
      this.sector = sector;
      this.dun = dun;
    }
  }

  /** What is to become of a bio. */
  private static final class Model {
    final int number;
    final BioOp op;
    final @Nullable CryptoKey key;
    final boolean forceUnitAccess;
    final boolean noWait;
    final List<Piece> pieces = new ArrayList<>();
    BioStatus expected = BioStatus.OK;
    boolean hasEnded;

    Model(int number, BioOp op, @Nullable CryptoKey key, boolean forceUnitAccess, boolean noWait) {
      this.number = number;
      this.op = op;
      this.key = key;
      this.forceUnitAccess = forceUnitAccess;
      this.noWait = noWait;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, NONE, 1, 256",
    "2, NONE, 8, 16",
    "3, NONE, 64, 4",
    "4, ELEVATOR, 16, 256",
    "5, ELEVATOR, 2, 16",
    "6, ELEVATOR, 4, 3",
    "7, ELEVATOR, 8, 256",
    "8, ELEVATOR, 3, 256",
  })
  void everyPieceIsIssuedOnceInItsPlaceUnderItsNumberAndEveryBioEndsWithItsStatus(
      long seed, Scheduler scheduler, int driverDepth, int maxSegments) {
    try {
      run(seed, scheduler, driverDepth, maxSegments);
    } catch (AssertionError | RuntimeException failure) {
      throw new AssertionError("seed " + seed + "\n" + String.join("\n", log), failure);
    } finally {
      time.close();
      memory.close();
    }
  }

  private void run(long seed, Scheduler scheduler, int driverDepth, int maxSegments) {
    random = new Random(seed);
    depth = driverDepth;
    limits = new QueueLimits(512, 4096 * (4 + random.nextInt(28)), maxSegments);
    for (int i = 0; i < KEYS; i++) {
      byte[] raw = new byte[64];
      raw[0] = (byte) i;
      raw[63] = 1;
      int unitBytes = i % 2 == 0 ? 512 : 4096;
      keys.add(new CryptoKey(new CryptoConfig(CryptoMode.AES_256_XTS, unitBytes, 8), raw));
    }
    KeyslotManager keyslots = new KeyslotManager(slots.length, new Slots(), time::nowNs);
    BlockQueue device =
        new BlockQueue(
            limits,
            SECTORS,
            new CryptoProfile(slots.length, 8, Map.of(CryptoMode.AES_256_XTS, 512 | 4096)),
            keyslots,
            memory,
            Tracer.OFF,
            (index, request) -> issue(request),
            new IoThreads(List.of(events)),
            driverDepth,
            scheduler);
    HardwareQueue queue = device.submitter();

    for (int number = 0; number < BIOS; number++) {
      if (random.nextInt(6) == 0) {
        queue.startPlug();
        for (int i = random.nextInt(12); i > 0; i--) {
          submit(queue, number++);
        }
        queue.finishPlug();
      }
      submit(queue, number);
      if (random.nextInt(8) == 0) {
        passTime(random.nextInt(600));
      }
      if (random.nextInt(8) == 0) {
        drain();
      }
    }
    drain();
    assertThat(pieces.values()).as("all was issued or refused").allMatch(piece -> piece.ended);
    assertThat(holders).as("slots in use").containsOnly(0);
    for (CryptoKey key : keys) {
      keyslots.evict(key, result -> assertThat(result).isEqualTo(Errno.OK));
    }
    passTime(1000);
    keys.forEach(CryptoKey::close);
    assertHappened(device.counters(), scheduler);
  }

  private static void assertHappened(QueueCounters counters, Scheduler scheduler) {
    assertThat(counters.splits()).isPositive();
    assertThat(counters.backMerges()).isPositive();
    assertThat(counters.frontMerges()).isPositive();
    assertThat(counters.requeues()).isPositive();
    assertThat(counters.requestMerges() > 0).isEqualTo(scheduler == Scheduler.ELEVATOR);
  }

  private void drain() {
    for (int i = 0; openBios > 0; i++) {
      assertThat(i).as("bios that never end").isLessThan(10_000);
      passTime(100);
    }
  }

  private void passTime(long ns) {
    WaitPoint over = new WaitPoint();
    events.schedule(over::signal, ns);
    events.await(over);
  }

  /** Submits a bio that often continues or precedes the last one, or fills a gap that was left. */
  private void submit(HardwareQueue queue, int number) {
    int region = (int) (lastEnd / 700);
    BioOp op = region % 2 == 0 ? BioOp.WRITE : BioOp.READ;
    CryptoKey key = random.nextInt(8) == 0 ? null : keys.get(region % KEYS);
    boolean forceUnitAccess = op == BioOp.WRITE && random.nextInt(20) == 0;
    boolean noWait = random.nextInt(10) == 0;
    int unitSectors = key == null ? 1 : key.config().dataUnitSizeBytes() / 512;
    List<int[]> segments = new ArrayList<>(); // offset in the page, sectors
    int sectors = 0;
    for (int i = random.nextInt(3); i >= 0; i--) {
      boolean wholePage = random.nextInt(4) > 0;
      int count = wholePage ? 8 : unitSectors * (1 + random.nextInt(12));
      segments.add(new int[] {wholePage || unitSectors == 8 ? 0 : 512 * random.nextInt(2), count});
      sectors += count;
    }
    long sector = lastEnd;
    switch (random.nextInt(10)) {
      case 0 -> sector = random.nextInt(SECTORS - sectors);
      case 1, 2 -> sector = Math.max(0, lastStart - sectors);
      case 3, 4 -> {
        gap = lastEnd;
        sector = lastEnd + 8;
      }
      case 5, 6 -> {
        sector = gap;
        segments = List.of(new int[] {0, 8});
        sectors = 8;
      }
      default -> {}
    }
    if (sector + sectors > SECTORS) {
      sector = 0;
    }
    if (random.nextInt(40) == 0) {
      op = BioOp.FLUSH;
      key = null;
      forceUnitAccess = false;
      segments = List.of();
    } else {
      lastStart = sector;
      lastEnd = sector + sectors;
    }
    Model model = new Model(number, op, key, forceUnitAccess, noWait);
    Bio bio = new Bio(Bio.MAX_SEGMENTS, ended -> ended(model, ended.status())).reset(op, sector);
    long at = sector;
    long slip = random.nextInt(15) == 0 ? 1 : 0; // a gap in the numbers
    for (int[] segment : segments) {
      long offset = nextOffset + segment[0];
      nextOffset += 65536;
      bio.addSegment(offset, segment[1] * 512);
      for (int i = 0; i < segment[1]; i++, at++) {
        Piece piece = new Piece(model, at, dun(sector, at, unitSectors) + slip);
        model.pieces.add(piece);
        pieces.put(offset + i * 512L, piece);
      }
    }
    if (key != null) {
      bio.crypt().set(key, dun(sector, sector, unitSectors) + slip);
    }
    if (forceUnitAccess) {
      bio.forceUnitAccess();
    }
    if (noWait) {
      bio.noWait();
    }
    log.add(number + ": " + bio + (forceUnitAccess ? " FUA" : "") + (noWait ? " NOWAIT" : ""));
    openBios++;
    queue.submit(bio);
  }

  /** The number of the unit with {@code sector} in a bio that starts at {@code first}. */
  private static long dun(long first, long sector, int unitSectors) {
    return first / unitSectors + (sector - first) / unitSectors;
  }

  private void issue(Request request) {
    issuedRequests++;
    assertThat(issuedRequests).isBetween(1, depth);
    CryptoKey key = request.crypt().key();
    int slot = request.slot();
    assertThat(slot >= 0).isEqualTo(key != null);
    if (key != null) {
      assertThat(slots[slot]).isSameAs(key);
      holders[slot]++;
    }
    check(request);
    setWithDriver(request, true);
    events.schedule(() -> answer(request), 1 + random.nextInt(300));
  }

  /** Compares each piece of the request with what its bio said, and the whole with the limits. */
  private void check(Request request) {
    log.add("issue " + request.tag() + ": " + request.first() + ", in all " + request.sizeBytes());
    CryptoKey key = request.crypt().key();
    int unitSectors = key == null ? 1 : key.config().dataUnitSizeBytes() / 512;
    int index = 0;
    int segments = 0;
    long lastEnd = 0;
    SegmentCursor cursor = new SegmentCursor();
    for (Bio bio = request.first(); bio != null; bio = bio.next()) {
      assertThat(bio.op()).isEqualTo(request.op());
      assertThat(bio.isForceUnitAccess()).isEqualTo(request.isForceUnitAccess());
      cursor.start(bio);
      while (cursor.next()) {
        if (segments++ > 0) {
          assertThat(QueueLimits.hasGap(lastEnd, cursor.hostOffset())).isFalse();
        }
        lastEnd = cursor.endOffset();
        for (long at = cursor.hostOffset(); at < lastEnd; at += 512, index++) {
          Piece piece = piece(at);
          assertThat(piece.withDriver || piece.ended).as("issued twice").isFalse();
          assertThat(piece.sector).isEqualTo(request.sector() + index);
          assertThat(piece.bio.op).isEqualTo(request.op());
          assertThat(piece.bio.key).isSameAs(key);
          assertThat(piece.bio.forceUnitAccess).isEqualTo(request.isForceUnitAccess());
          if (key != null) {
            assertThat(request.crypt().dun0() + index / unitSectors).isEqualTo(piece.dun);
          }
        }
      }
    }
    assertThat(index * 512).isEqualTo(request.sizeBytes()).isLessThanOrEqualTo(limits.maxBytes());
    assertThat(segments).isLessThanOrEqualTo(limits.maxSegments());
    if (request.isForceUnitAccess() || request.op() == BioOp.FLUSH) {
      assertThat(request.first().next()).isNull();
    }
  }

  private Piece piece(long hostOffset) {
    Piece piece = pieces.get(hostOffset);
    assertThat(piece).as("memory at %d", hostOffset).isNotNull();
    return piece;
  }

  private void answer(Request request) {
    CryptoKey key = request.crypt().key();
    int blockBytes = key == null ? 512 : key.config().dataUnitSizeBytes();
    if (random.nextInt(6) == 0 && request.sizeBytes() > blockBytes) {
      int bytes = blockBytes * (1 + random.nextInt((request.sizeBytes() - 1) / blockBytes));
      log.add("front of " + request.tag() + ": " + bytes);
      endPieces(request, bytes, BioStatus.OK);
      request.endFront(bytes);
    }
    setWithDriver(request, false);
    issuedRequests--;
    if (request.slot() >= 0) {
      holders[request.slot()]--;
    }
    if (random.nextInt(6) == 0) {
      log.add("requeue " + request.tag());
      request.requeue(random.nextInt(200));
      return;
    }
    BioStatus status =
        switch (random.nextInt(8)) {
          case 0 -> BioStatus.MEDIUM;
          case 1 -> BioStatus.TARGET;
          default -> BioStatus.OK;
        };
    log.add("end " + request.tag() + ": " + status);
    endPieces(request, request.sizeBytes(), status);
    if (request.op() == BioOp.FLUSH) {
      flushStatus = status;
    }
    request.end(status);
  }

  private void setWithDriver(Request request, boolean withDriver) {
    forEachPiece(request, request.sizeBytes(), piece -> piece.withDriver = withDriver);
  }

  private void endPieces(Request request, int bytes, BioStatus status) {
    forEachPiece(
        request,
        bytes,
        piece -> {
          piece.ended = true;
          if (piece.bio.expected == BioStatus.OK) {
            piece.bio.expected = status;
          }
        });
  }

  private void forEachPiece(Request request, int bytes, Consumer<Piece> action) {
    int left = bytes;
    SegmentCursor cursor = new SegmentCursor();
    for (Bio bio = request.first(); bio != null; bio = bio.next()) {
      cursor.start(bio);
      while (cursor.next()) {
        for (long at = cursor.hostOffset(); at < cursor.endOffset() && left > 0; at += 512) {
          action.accept(piece(at));
          left -= 512;
        }
      }
    }
  }

  private void ended(Model model, BioStatus status) {
    log.add("ended " + model.number + ": " + status);
    assertThat(model.hasEnded).as("ended twice").isFalse();
    model.hasEnded = true;
    openBios--;
    if (status == BioStatus.AGAIN) {
      assertThat(model.noWait).isTrue();
      assertThat(model.pieces).as("nothing was issued").noneMatch(p -> p.ended || p.withDriver);
      model.pieces.forEach(piece -> piece.ended = true);
    } else if (model.op == BioOp.FLUSH) {
      assertThat(status).isEqualTo(flushStatus);
    } else {
      assertThat(model.pieces).as("all has ended").allMatch(piece -> piece.ended);
      assertThat(status).isEqualTo(model.expected);
    }
  }

  /** Slots that take their time. */
  private final class Slots implements KeyslotDevice {
    @Override
    public void program(int slot, CryptoKey key, KeyslotCompletion done) {
      assertThat(holders[slot]).as("programmed while in use").isZero();
      events.schedule(
          () -> {
            slots[slot] = key;
            done.done(Errno.OK);
          },
          50);
    }

    @Override
    public void evict(int slot, CryptoKey key, KeyslotCompletion done) {
      done.done(Errno.OK);
    }
  }
}
