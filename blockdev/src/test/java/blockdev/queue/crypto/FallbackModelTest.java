package blockdev.queue.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import blockdev.bio.BioStatus;
import blockdev.sim.WaitPoint;
import inlinecrypt.CryptoConfig;
import inlinecrypt.CryptoKey;
import inlinecrypt.CryptoMode;
import inlinecrypt.DataUnitNumber;
import inlinecrypt.engine.CipherEngine;
import inlinecrypt.engine.DataUnitCipher;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random bios through the fallback, several at a time, against a prediction of the medium, of the
 * memory and of each status that is as simple as it can be: page by page, with the reference
 * engine. Data units of every size, misaligned memory, odd sizes, a device that fails, and too few
 * pages.
 */
class FallbackModelTest {
  private static final int STEPS = 80;
  private static final int PAGE = FallbackUnderTest.PAGE;
  private static final int ZONE_SECTORS = 2600; // of the bios of one step, so they do not overlap
  private static final CryptoMode[] MODES = {
    CryptoMode.AES_256_XTS, CryptoMode.AES_128_CBC_ESSIV, CryptoMode.ADIANTUM, CryptoMode.SM4_XTS
  };
  private static final int[] UNIT_SIZES = {512, 512, 1024, 2048, 4096, 4096, 4096, 8, 8192};

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void mediumMemoryAndStatusesAreAsPredicted(long seed) {
    try (FallbackUnderTest under = new FallbackUnderTest()) {
      new Run(under, seed).go();
    }
  }

  /** A key with the cipher that predicts. */
  private record Key(CryptoKey key, DataUnitCipher reference) {}

  /** A piece of memory within one page. */
  private record Piece(int at, int inPage, int bytes) {}

  private static final class Run {
    private final FallbackUnderTest under;
    private final long seed;
    private final Random random;
    private final byte[] medium = new byte[FallbackUnderTest.MEDIUM_BYTES];
    private final List<Key> keys = new ArrayList<>();
    private final List<String> done = new ArrayList<>();
    private final EnumSet<BioStatus> statuses = EnumSet.noneOf(BioStatus.class);
    private final long[] runs = new long[64]; // of 16 pages each
    private long brokenFrom; // sectors that the device cannot write or read
    private long brokenTo;

    Run(FallbackUnderTest under, long seed) {
      this.under = under;
      this.seed = seed;
      random = new Random(seed);
      for (int i = 0; i < 24; i++) {
        CryptoMode mode = MODES[i % MODES.length];
        CryptoConfig config =
            new CryptoConfig(mode, UNIT_SIZES[random.nextInt(UNIT_SIZES.length)], 16);
        byte[] raw = FallbackUnderTest.raw(mode, i);
        keys.add(
            new Key(
                under.started(config, i),
                CipherEngine.named("reference").prepare(mode, MemorySegment.ofArray(raw))));
      }
      for (int i = 0; i < runs.length; i++) {
        runs[i] = under.randomMemory(16 * PAGE);
      }
      if (seed % 2 == 0) {
        under.takeAllMemory(); // all bounce pages come from the reserve
      }
      under.faults =
          (op, sector) ->
              sector >= brokenFrom && sector < brokenTo ? BioStatus.MEDIUM : BioStatus.OK;
    }

    void go() {
      try {
        for (int step = 0; step < STEPS; step++) {
          step();
        }
        assertThat(under.fallback.counters().writes()).isGreaterThan(40);
        assertThat(under.fallback.counters().reads()).isGreaterThan(40);
        assertThat(statuses)
            .containsOnly(BioStatus.OK, BioStatus.INVAL, BioStatus.IOERR, BioStatus.MEDIUM);
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed + " after\n" + String.join("\n", done), e);
      }
      keys.forEach(key -> key.reference.close());
    }

    private void step() {
      int[] underWay = {0};
      WaitPoint allEnded = new WaitPoint();
      List<Bio> bios = new ArrayList<>();
      List<Runnable> checks = new ArrayList<>();
      int count = 1 + random.nextInt(3);
      for (int i = 0; i < count; i++) {
        Bio bio =
            new Bio(
                Bio.MAX_SEGMENTS,
                ended -> {
                  if (--underWay[0] == 0) {
                    allEnded.signal();
                  }
                });
        fill(bio, i);
        bios.add(bio);
      }
      breakSectors(bios);
      for (Bio bio : bios) {
        done.add(bio + (brokenTo > 0 ? " broken from " + brokenFrom + " to " + brokenTo : ""));
        checks.add(bio.op() == BioOp.WRITE ? predictWrite(bio) : predictRead(bio));
      }
      underWay[0] = count;
      boolean plugged = random.nextBoolean();
      if (plugged) {
        under.submitter.startPlug();
      }
      bios.forEach(under.submitter::submit);
      if (plugged) {
        under.submitter.finishPlug();
      }
      under.submitter.await(allEnded);
      checks.forEach(Runnable::run);
      bios.forEach(bio -> statuses.add(bio.status()));
      assertThat(Arrays.mismatch(under.medium, medium)).as("on the medium").isEqualTo(-1);
    }

    /** Lets the device fail in one step of three: where a bio starts, or its second part does. */
    private void breakSectors(List<Bio> bios) {
      brokenFrom = 0;
      brokenTo = 0;
      if (random.nextInt(3) == 0) {
        Bio bio = bios.get(random.nextInt(bios.size()));
        brokenFrom = bio.sector() + (random.nextBoolean() ? 0 : 256 * PAGE / 512);
        brokenTo = brokenFrom + 1 + random.nextInt(32);
      }
    }

    /** Bio {@code index} of a step has memory and sectors of its own. */
    private void fill(Bio bio, int index) {
      Key key = keys.get(random.nextInt(keys.size()));
      int unit = key.key.config().dataUnitSizeBytes();
      boolean small = random.nextInt(16) > 0;
      int segments = 1 + random.nextInt(small ? 4 : 20);
      bio.reset(
          random.nextBoolean() ? BioOp.WRITE : BioOp.READ,
          index * ZONE_SECTORS + 1 + random.nextInt(small ? 1500 : 1));
      for (int i = 0; i < segments; i++) {
        long run = runs[index * 20 + i];
        int grain = random.nextInt(40) == 0 ? 512 : Math.clamp(unit, 512, PAGE);
        int from = random.nextInt(3) == 0 ? random.nextInt(8) * grain : 0;
        int bytes =
            small ? (1 + random.nextInt(8)) * grain : 16 * PAGE - (i + 1 < segments ? 0 : from);
        bio.addSegment(run + (small ? from : 0), Math.min(bytes, 16 * PAGE - from));
      }
      bio.crypt()
          .set(
              key.key,
              random.nextInt(3) == 0 ? -1 - random.nextInt(3) : random.nextLong(),
              random.nextInt(3) == 0 ? -1 : random.nextLong(),
              random.nextLong(),
              random.nextLong());
    }

    private List<Piece> pieces(Bio bio) {
      List<Piece> pieces = new ArrayList<>();
      int at = 0;
      for (long[] segment : under.segments(bio)) {
        for (long left = segment[1], offset = segment[0]; left > 0; ) {
          int inPage = (int) (offset % PAGE);
          int bytes = (int) Math.min(left, PAGE - inPage);
          pieces.add(new Piece(at, inPage, bytes));
          at += bytes;
          offset += bytes;
          left -= bytes;
        }
      }
      return pieces;
    }

    /** What a piece of the bio ends with before the device is asked. */
    private static BioStatus ofPiece(Piece piece, int unit) {
      if (piece.inPage % unit != 0 || piece.bytes % unit != 0) {
        return BioStatus.INVAL;
      }
      return unit < 16 ? BioStatus.IOERR : BioStatus.OK;
    }

    /**
     * What the device says to a command; a bio of at most 1 MiB is one, if its memory has no gap.
     */
    private BioStatus ofDevice(long sector) {
      return sector >= brokenFrom && sector < brokenTo ? BioStatus.MEDIUM : BioStatus.OK;
    }

    private Runnable predictWrite(Bio bio) {
      Key key = keyOf(bio);
      int unit = key.key.config().dataUnitSizeBytes();
      byte[] plaintext = under.content(bio);
      List<Piece> pieces = pieces(bio);
      List<BioStatus> errors = new ArrayList<>(); // which is first depends on the time they take
      long startSector = bio.sector();
      for (int first = 0; first < pieces.size(); first += 256) {
        List<Piece> chunk = pieces.subList(first, Math.min(first + 256, pieces.size()));
        BioStatus ofChunk = BioStatus.OK;
        for (Piece piece : chunk) {
          if (ofChunk == BioStatus.OK) {
            ofChunk = ofPiece(piece, unit);
          }
        }
        if (ofChunk != BioStatus.OK) {
          errors.add(ofChunk);
          break;
        }
        for (List<Piece> command : commands(chunk)) {
          long sector = startSector + command.getFirst().at / 512;
          BioStatus ofDevice = ofDevice(sector);
          if (ofDevice == BioStatus.OK) {
            for (Piece piece : command) {
              byte[] data = Arrays.copyOfRange(plaintext, piece.at, piece.at + piece.bytes);
              transform(key, bio, piece.at / unit, data, true);
              System.arraycopy(data, 0, medium, (int) startSector * 512 + piece.at, data.length);
            }
          } else {
            errors.add(ofDevice);
          }
        }
      }
      return () -> {
        assertThat(bio.status()).isIn(errors.isEmpty() ? List.of(BioStatus.OK) : errors);
        assertThat(under.content(bio)).as("plaintext").isEqualTo(plaintext);
      };
    }

    private Runnable predictRead(Bio bio) {
      Key key = keyOf(bio);
      int unit = key.key.config().dataUnitSizeBytes();
      List<Piece> pieces = pieces(bio);
      byte[] content = under.content(bio);
      BioStatus status = BioStatus.OK;
      for (List<Piece> command : commands(pieces)) {
        if (ofDevice(bio.sector() + command.getFirst().at / 512) == BioStatus.OK) {
          for (Piece piece : command) {
            System.arraycopy(
                medium, (int) bio.sector() * 512 + piece.at, content, piece.at, piece.bytes);
          }
        } else {
          status = BioStatus.MEDIUM;
        }
      }
      for (Piece piece : pieces) {
        if (status == BioStatus.OK) {
          status = ofPiece(piece, unit);
        }
        if (status == BioStatus.OK) {
          byte[] data = Arrays.copyOfRange(content, piece.at, piece.at + piece.bytes);
          transform(key, bio, piece.at / unit, data, false);
          System.arraycopy(data, 0, content, piece.at, data.length);
        }
      }
      BioStatus expected = status;
      return () -> {
        assertThat(bio.status()).isEqualTo(expected);
        assertThat(under.content(bio)).isEqualTo(content);
      };
    }

    /** How the device cuts: where memory does not continue at a page border, and after 1 MiB. */
    private static List<List<Piece>> commands(List<Piece> pieces) {
      List<List<Piece>> commands = new ArrayList<>();
      int bytes = 0;
      Piece last = null;
      for (Piece piece : pieces) {
        boolean gap = last != null && (piece.inPage != 0 || (last.inPage + last.bytes) % PAGE != 0);
        if (last == null || gap || bytes + piece.bytes > 1 << 20) {
          commands.add(new ArrayList<>());
          bytes = 0;
        }
        commands.getLast().add(piece);
        bytes += piece.bytes;
        last = piece;
      }
      return commands;
    }

    private Key keyOf(Bio bio) {
      return keys.stream().filter(key -> key.key == bio.crypt().key()).findFirst().orElseThrow();
    }

    private static void transform(Key key, Bio bio, int units, byte[] data, boolean encrypt) {
      DataUnitNumber dun = bio.crypt().dun().plus(units);
      int unit = key.key.config().dataUnitSizeBytes();
      MemorySegment segment = MemorySegment.ofArray(data);
      if (encrypt) {
        key.reference.encrypt(
            dun.limb0(),
            dun.limb1(),
            dun.limb2(),
            dun.limb3(),
            unit,
            segment,
            0,
            segment,
            0,
            data.length);
      } else {
        key.reference.decrypt(
            dun.limb0(),
            dun.limb1(),
            dun.limb2(),
            dun.limb3(),
            unit,
            segment,
            0,
            segment,
            0,
            data.length);
      }
    }
  }
}
