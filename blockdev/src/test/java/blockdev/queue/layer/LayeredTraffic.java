package blockdev.queue.layer;

import static org.assertj.core.api.Assertions.assertThat;

import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import blockdev.bio.BioStatus;
import blockdev.memory.HostMemory;
import blockdev.queue.BioSubmitter;
import blockdev.queue.layer.StripedTarget.Stripe;
import blockdev.sim.WaitPoint;
import inlinecrypt.CryptoConfig;
import inlinecrypt.CryptoKey;
import inlinecrypt.CryptoMode;
import inlinecrypt.Errno;
import inlinecrypt.engine.CipherEngine;
import inlinecrypt.engine.DataUnitCipher;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Random bios over random tables, beside a model that knows each device as an array of bytes and
 * each table as a list of places, and encrypts with {@code reference}.
 */
final class LayeredTraffic implements AutoCloseable {
  private static final int KEYS = 6; // more than a device has slots
  private static final int MAX_BIO_UNITS = 40;

  private final Disks disks;
  private final Random random;
  private final int unitBytes;
  private final int unitSectors;
  private final long seed;
  private final List<byte[]> media = new ArrayList<>(); // as they should be
  private final List<CryptoKey> keys = new ArrayList<>();
  private final List<DataUnitCipher> ciphers = new ArrayList<>();
  private final List<String> story = new ArrayList<>();

  /** Where one sector of a layer lies: which medium, and which sector of it. */
  private record Place(int medium, int sector) {}

  private record Layer(MappedDevice device, List<Place> places) {}

  private record Piece(Bio bio, int sector, List<long[]> memory, byte[] expected) {}

  LayeredTraffic(Disks disks, long seed, int unitBytes) {
    this.disks = disks;
    this.seed = seed;
    this.unitBytes = unitBytes;
    unitSectors = unitBytes / 512;
    random = new Random(seed);
    for (int i = 0; i < disks.devices().size(); i++) {
      media.add(new byte[(int) disks.device(i).capacitySectors() * 512]);
    }
    for (int i = 0; i < KEYS; i++) {
      byte[] raw = new byte[64];
      random.nextBytes(raw);
      keys.add(new CryptoKey(new CryptoConfig(CryptoMode.AES_256_XTS, unitBytes, 8), raw));
      ciphers.add(
          CipherEngine.named("reference")
              .prepare(CryptoMode.AES_256_XTS, MemorySegment.ofArray(raw)));
    }
  }

  /** A few tables, one after the other on one device, with bios in between and across swaps. */
  void run(int tables, int roundsEach) {
    Layer layer = null;
    for (int i = 0; i < tables; i++) {
      Table next = table();
      if (layer == null) {
        layer = new Layer(disks.mapped(next.table), next.places);
      } else {
        layer.device.swap(next.table).close();
        layer = new Layer(layer.device, next.places);
      }
      for (int round = 0; round < roundsEach; round++) {
        round(layer);
      }
    }
    for (CryptoKey key : keys) {
      assertThat(Disks.evict(layer.device, key)).isEqualTo(Errno.OK);
    }
    assertThat(disks.simulation.blkCrypto().failedEvicts()).isZero();
  }

  private record Table(MappingTable table, List<Place> places) {}

  /** Linear and striped targets, some of them over a layer between, on areas of their own. */
  private Table table() {
    int[] used = new int[media.size()]; // sectors of each device
    List<Target> targets = new ArrayList<>();
    List<Place> places = new ArrayList<>();
    int count = 1 + random.nextInt(5);
    for (int i = 0; i < count; i++) {
      switch (random.nextInt(3)) {
        case 0 -> targets.add(linear(used, places));
        case 1 -> targets.add(striped(used, places));
        default -> {
          List<Place> below = new ArrayList<>();
          MappedDevice between =
              disks.mapped(new MappingTable(linear(used, below), striped(used, below)));
          int start = unitSectors * random.nextInt(below.size() / unitSectors);
          targets.add(new LinearTarget(between, start, below.size() - start));
          places.addAll(below.subList(start, below.size()));
          story.add("the last two lie in a layer of their own, from its sector " + start + " on");
        }
      }
    }
    return new Table(new MappingTable(targets), places);
  }

  private LinearTarget linear(int[] used, List<Place> places) {
    int medium = random.nextInt(media.size());
    int start = used[medium] + unitSectors * random.nextInt(5);
    int sectors = unitSectors * (1 + random.nextInt(40));
    used[medium] = start + sectors;
    for (int i = 0; i < sectors; i++) {
      places.add(new Place(medium, start + i));
    }
    story.add("linear on %d from %d, %d sectors".formatted(medium, start, sectors));
    return new LinearTarget(disks.device(medium), start, sectors);
  }

  private StripedTarget striped(int[] used, List<Place> places) {
    int width = 1 + random.nextInt(media.size());
    int chunk = unitSectors * (1 + random.nextInt(7));
    int chunks = 1 + random.nextInt(6); // of each stripe
    int first = random.nextInt(media.size());
    List<Stripe> stripes = new ArrayList<>();
    for (int i = 0; i < width; i++) {
      int medium = (first + i) % media.size();
      int start = used[medium] + unitSectors * random.nextInt(3);
      used[medium] = start + chunk * chunks;
      stripes.add(new Stripe(disks.device(medium), start));
    }
    for (int i = 0; i < chunks; i++) {
      for (int stripe = 0; stripe < width; stripe++) {
        for (int sector = 0; sector < chunk; sector++) {
          int start = (int) stripes.get(stripe).startSector() + i * chunk;
          places.add(new Place((first + stripe) % media.size(), start + sector));
        }
      }
    }
    story.add("striped from %d, %d wide, chunks %d x %d".formatted(first, width, chunks, chunk));
    return new StripedTarget((long) chunks * chunk * width, chunk, stripes);
  }

  /** A few bios that do not overlap, then a wait for all of them. */
  private void round(Layer layer) {
    BioSubmitter submitter = layer.device.submitter();
    boolean isPlugged = random.nextBoolean();
    int[] underWay = {1};
    WaitPoint all = new WaitPoint();
    List<Piece> pieces = new ArrayList<>();
    if (isPlugged) {
      submitter.startPlug();
    }
    int units = layer.places.size() / unitSectors;
    int at = random.nextInt(units);
    while (at < units && pieces.size() < 4) {
      int length = Math.min(units - at, 1 + random.nextInt(MAX_BIO_UNITS));
      Piece piece =
          piece(
              layer,
              at * unitSectors,
              length * unitBytes,
              () -> {
                if (--underWay[0] == 0) {
                  all.signal();
                }
              });
      pieces.add(piece);
      underWay[0]++;
      submitter.submit(piece.bio);
      at += length + random.nextInt(3);
    }
    if (isPlugged) {
      submitter.finishPlug();
    }
    if (--underWay[0] > 0) {
      submitter.await(all);
    }
    pieces.forEach(this::check);
    if (random.nextInt(8) == 0) {
      Disks.evict(layer.device, keys.get(random.nextInt(KEYS)));
    }
  }

  private Piece piece(Layer layer, int sector, int bytes, Runnable whenEnded) {
    BioOp op = random.nextBoolean() ? BioOp.WRITE : BioOp.READ;
    int key = random.nextInt(KEYS + 1) - 1; // −1: plain
    long dun = random.nextInt(4) == 0 ? -1 - random.nextInt(20) : random.nextInt(3);
    Bio bio = new Bio(Bio.MAX_SEGMENTS, ended -> whenEnded.run()).reset(op, sector);
    List<long[]> memory = new ArrayList<>();
    for (int done = 0; done < bytes; ) {
      int run = Math.min(bytes - done, unitBytes * (1 + random.nextInt(12)));
      long offset = disks.simulation.queue().memory().allocate(run + 4096);
      assertThat(offset).isNotEqualTo(HostMemory.NONE);
      memory.add(new long[] {offset, run});
      bio.addSegment(offset + skew(), run);
      done += run;
    }
    memory.forEach(run -> run[0] += skew());
    if (key >= 0) {
      bio.crypt().set(keys.get(key), dun);
    }
    byte[] data = new byte[bytes];
    random.nextBytes(data);
    copy(memory, data, true);
    byte[] expected = data;
    if (op == BioOp.WRITE) {
      byte[] onMedium = data.clone();
      crypt(key, dun, onMedium, true);
      for (int at = 0; at < bytes; at += 512) {
        Place place = layer.places.get(sector + at / 512);
        System.arraycopy(onMedium, at, media.get(place.medium), place.sector * 512, 512);
      }
    } else {
      expected = new byte[bytes];
      for (int at = 0; at < bytes; at += 512) {
        Place place = layer.places.get(sector + at / 512);
        System.arraycopy(media.get(place.medium), place.sector * 512, expected, at, 512);
      }
      crypt(key, dun, expected, false);
    }
    story.add(op + " " + bytes + " bytes at " + sector + ", key " + key + " from " + dun);
    return new Piece(bio, sector, memory, expected);
  }

  /** Memory need not start on a page. */
  private int skew() {
    return unitBytes == 512 ? 1024 : 0;
  }

  private void crypt(int key, long dun, byte[] data, boolean encrypts) {
    if (key < 0) {
      return;
    }
    MemorySegment segment = MemorySegment.ofArray(data);
    long number = dun;
    long carry = 0;
    for (int at = 0; at < data.length; at += unitBytes) {
      if (encrypts) {
        ciphers
            .get(key)
            .encrypt(number, carry, 0, 0, unitBytes, segment, at, segment, at, unitBytes);
      } else {
        ciphers
            .get(key)
            .decrypt(number, carry, 0, 0, unitBytes, segment, at, segment, at, unitBytes);
      }
      if (++number == 0) {
        carry++;
      }
    }
  }

  private void check(Piece piece) {
    assertThat(piece.bio.status()).as("%s", this).isEqualTo(BioStatus.OK);
    byte[] found = new byte[piece.expected.length];
    copy(piece.memory, found, false);
    assertThat(found)
        .as("%s at %d, %s", piece.bio.op(), piece.sector, this)
        .isEqualTo(piece.expected);
    for (long[] run : piece.memory) {
      disks.simulation.queue().memory().free(run[0] - skew(), (int) run[1] + 4096);
    }
  }

  private void copy(List<long[]> memory, byte[] data, boolean toMemory) {
    MemorySegment host = disks.simulation.queue().memory().segment();
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

  /** Every byte of every medium, written or not. */
  void checkMedia() {
    for (int i = 0; i < media.size(); i++) {
      assertThat(disks.onMedium(i, 0, media.get(i).length))
          .as("medium %d, %s", i, this)
          .isEqualTo(media.get(i));
    }
  }

  /** Bios that came to the devices themselves. */
  long biosBelow() {
    return disks.devices().stream().mapToLong(device -> device.counters().bios()).sum();
  }

  @Override
  public String toString() {
    return "seed " + seed + "\n" + String.join("\n", story);
  }

  @Override
  public void close() {
    ciphers.forEach(DataUnitCipher::close);
  }
}
