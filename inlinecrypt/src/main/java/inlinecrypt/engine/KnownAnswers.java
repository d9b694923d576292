package inlinecrypt.engine;

import inlinecrypt.AeadMode;
import inlinecrypt.CryptoMode;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What must come out of an engine before it prepares its first key of a mode; at least one answer
 * for each mode.
 *
 * <p>An answer for data units is asked for as the second of two units in one call, so that the step
 * from one data unit number to the next is proven with it.
 */
final class KnownAnswers {
  /**
   * A data unit.
   *
   * @param origin who says so; raw-vectors are those of {@code testdata/vectors}, which Linux's
   *     crypto API confirmed
   * @param iv the data unit number, little-endian, as long as the mode's IV
   */
  private record Answer(
      CryptoMode mode, String origin, String key, String iv, String plaintext, String ciphertext) {}

  /** An authenticated message. */
  private record AeadAnswer(
      AeadMode mode,
      String origin,
      String key,
      String nonce,
      String associatedData,
      String plaintext,
      String ciphertext,
      String tag) {}

  private static final List<Answer> ANSWERS =
      List.of(
          new Answer(
              CryptoMode.AES_256_XTS,
              "raw-vectors 18",
              "c0cc055832e31246add5aa9d18d43dd645782b1221684069eba0083e1ec713122cde1412d62f88a4"
                  + "b79745628e99b62a783bf1512cc669b0207fe479085046d8",
              "4f7fff488dcfd6c427d199a01dbb10cd",
              "6727c2a1619018f5dc91acd500cfb22d30",
              "b4b32266c94a7d56da0cfcc8d9ed017080"),
          new Answer(
              CryptoMode.AES_256_XTS,
              "OpenSSL, across 2^64",
              "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f2021222324252627"
                  + "28292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f",
              "00000000000000000100000000000000",
              "0000000000000000000000000000000000000000000000000000000000000000",
              "2aca9fa268f090c0fcfa1ae9c5b934e943fdc601077bc21970f70b63eba4e8ea"),
          new Answer(
              CryptoMode.AES_128_CBC_ESSIV,
              "raw-vectors 112",
              "18b4619af543ae36c1cae32e806934cc",
              "c505742fb09abcca0000000000000000",
              "e1347b4e801da79be9914f3b12095cffa7d0d69b3a5b1f1a4a5afce7b98b2cab",
              "3fa96bb7b94a7caf4643d81d6f150beecd7bea040b346d886556ec04eb9e9155"),
          new Answer(
              CryptoMode.ADIANTUM,
              "raw-vectors 158",
              "ca2ca6c1f65176d9c54f6a93b5a149e968ace6e8164a3fae6e4d32b3b0405a26",
              "6feb63b2dd5a345a000000000000000000000000000000000000000000000000",
              "db896f47c96f4fa8de0ee3cd016f1feacb3b21de06be512206e0941716cefdfbb4",
              "84c5d3f0ba502fffd90469423bc20a7c64da91a57eacfaf27121528a97cc9adebb"),
          new Answer(
              CryptoMode.SM4_XTS,
              "raw-vectors 92",
              "4125faa69cd49091c6770168227ac0d777093f841e417898f6cd58a4f4a0d321",
              "58b00000000000000000000000000000",
              "3fcdbda692ce052ee7c404615d667a3d30",
              "56153a87bb058e893a3a486f046b3b9dcc"),
          new Answer(
              CryptoMode.AES_128_XTS,
              "raw-vectors 55",
              "7ff756ac200864ca14dd607579d3b4e1a13cf470e050d8c96453f37fd6914db1",
              "4054dd976eae2920262612fa52599055",
              "86fc8287d77738e77e0994ff2fb69efb64",
              "90558f01afd699e43fc5426efc0056bd4e"),
          new Answer(
              CryptoMode.AES_256_CBC_ESSIV,
              "raw-vectors 130",
              "ec95285ea6f2817aa6580fa7c79a2caaf983b2a1cbbdb01a2782f0fbbd94dc14",
              "b1ef7b0d1ff81eb7ecd92ad8f41aeb58",
              "38b6184b4474d5e18c2a3b3d5b7fe5c5bd634bb6d1c4712fccb9c102f52c8b9fc5238bbf7d2ca41a"
                  + "af94b89fd12e776e42eb705f816971943887eca6f724d2eb",
              "de383b67c2373ad0c70c607e5476de96556a33e3383bca3339b24a15e6d0e90d2351523307325f87"
                  + "4b01eec117044a688125f3b65bade93d72a9eb828560ada3"),
          new Answer(
              CryptoMode.AES_256_CBC,
              "OpenSSL",
              "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
              "67452301000000000000000000000000",
              "404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f6061626364656667"
                  + "68696a6b6c6d6e6f",
              "01e07611e6267ed302468126483cf6ffcf9ab01a87f102eadb77fb43aa091d3036431651a37757c1"
                  + "66e11c6c6eabc238"),
          new Answer(
              CryptoMode.ADIANTUM_XCHACHA20,
              "raw-vectors 180",
              "ae88b65bf622395587bf505fa4d0cae3813aef1a084fa68beacebdd196a544cd",
              "18e9b15f6de87b45f528e6e9837d3053a5d88f956b2360714d76260f1e9bbea3",
              "1f8e0993e02acebcd6945ccd4d8f630277eb5cf9d399d396094487aec2524748c76e2c9c1d4a180c"
                  + "2ed7ba447e29e9",
              "1b3e01fd1a397d16ee0c9fd3d2791b9eb86ff6ca965ae5c4cf7bb0ddf60a77bc5f627e7643bec3a1"
                  + "2724eb159f8e51"),
          new Answer(
              CryptoMode.AES_128_HCTR2,
              "raw-vectors 230",
              "b14121e7664cc42d4b4392ff5b8b1477",
              "c814000000000000000000000000000000000000000000000000000000000000",
              "9ef6ffcbc81e02aa8942ce1aa75b6eaa32057be8d6dfccac9fa401520ffb29e342f4ab4260baa014"
                  + "91114188003bd6",
              "73a6d3a64afa415eb9bcef8428c973a9fbc81ea1942693042b06a026611104a976ca80567b1db153"
                  + "822f80ea330b6a"),
          new Answer(
              CryptoMode.AES_256_HCTR2,
              "raw-vectors 208",
              "187e777ce45984f830f088664ad5c2bfa523f749c748ace52d0c6bd18ce99b3c",
              "0d6627c72b850ab5f5d42fbe1ae8d96ccd3cd248a8fff50ac002d613c6b5030a",
              "8f0d00912fd9ae6508dbf3d1f5f6dd1871681177bffa9b46c1c6117830b7eb8654",
              "2dd8b63bd59cc895988e50a3f851709e9fc7dbacd769c7788be68c18f64f330ce1"),
          new Answer(
              CryptoMode.AES_256_CBC_CTS,
              "raw-vectors 254",
              "98b796c411c54c612144726a6c4d3e9d2734639a6d825eccce26f403eb2aa447",
              "76e03f9bf3ae625f379f9701d67050d0",
              "51b3c16922aa9e537350a4e6a69fe55644ee9de7f4ee0227c500d2acc07a71d75f",
              "d7d5d7e91acf4d55dd9a41ab96012f6abcb538ff44afbd2af5b315b97d80f2e26d"),
          new Answer(
              CryptoMode.AES_128_CBC_CTS,
              "raw-vectors 287",
              "c83c20ab463f7e31df81b69de21eb33a",
              "5a15288acb0000000000000000000000",
              "1240f72d249778393b259625c316f5278f7eeebac629debb06176fedf10ecb28c1",
              "2193001ae2ea5283a6b98d981d43d8553169cab185b5b26369164ead03af36f42c"),
          new Answer(
              CryptoMode.SM4_CBC_CTS,
              "raw-vectors 320",
              "163775cb2d678112e6fc73e2d0ef27a9",
              "3c79b5d6e2f74fdffa5019998c380247",
              "49ca40b951298acee82ece303f40eca8a944d2413740fdb1136fe5de8920d92c23",
              "7026ad5150c4d96521607b9bf99d5972e08e2a6492c6deab2e0cccffaa88d455a0"));

  private static final List<AeadAnswer> AEAD_ANSWERS =
      List.of(
          new AeadAnswer(
              AeadMode.AES_256_GCM,
              "McGrew and Viega, test case 16",
              "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
              "cafebabefacedbaddecaf888",
              "feedfacedeadbeeffeedfacedeadbeefabaddad2",
              "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c9595680953"
                  + "2fcf0e2449a6b525b16aedf5aa0de657ba637b39",
              "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3d"
                  + "a7b08b1056828838c5f61e6393ba7a0abcc9f662",
              "76fc6ece0f4e1768cddf8853bb2d551b"),
          new AeadAnswer(
              AeadMode.AES_256_GCM_SIV,
              "RFC 8452, appendix C.2",
              "0100000000000000000000000000000000000000000000000000000000000000",
              "030000000000000000000000",
              "010000000000000000000000000000000200",
              "0300000000000000000000000000000004000000",
              "43dd0163cdb48f9fe3212bf61b201976067f342b",
              "b879ad976d8242acc188ab59cabfe307"));

  private KnownAnswers() {}

  /** Empty if {@code keyedCipher} gives all answers for {@code mode}, else which one differs. */
  static Optional<String> disproof(
      CryptoMode mode, Function<MemorySegment, DataUnitCipher> keyedCipher) {
    return ANSWERS.stream()
        .filter(answer -> answer.mode == mode && !comesOut(answer, keyedCipher))
        .findFirst()
        .map(answer -> mode + " differs from the known answer of " + answer.origin);
  }

  /** Empty if {@code keyedCipher} gives all answers for {@code mode}, else which one differs. */
  static Optional<String> disproof(AeadMode mode, Function<MemorySegment, AeadCipher> keyedCipher) {
    return AEAD_ANSWERS.stream()
        .filter(answer -> answer.mode == mode && !comesOut(answer, keyedCipher))
        .findFirst()
        .map(answer -> mode + " differs from the known answer of " + answer.origin);
  }

  private static boolean comesOut(
      Answer answer, Function<MemorySegment, DataUnitCipher> keyedCipher) {
    byte[] twice = hex(answer.plaintext + answer.plaintext);
    byte[] work = twice.clone();
    MemorySegment segment = MemorySegment.ofArray(work);
    int unitBytes = work.length / 2;
    byte[] iv = hex(answer.iv);
    long limb0 = limb(iv, 0);
    long limb1 = limb(iv, 1);
    long limb2 = limb(iv, 2);
    long limb3 = limb(iv, 3);
    long borrow1 = limb0 == 0 ? 1 : 0; // no answer's number borrows further
    try (DataUnitCipher cipher = keyedCipher.apply(MemorySegment.ofArray(hex(answer.key)))) {
      cipher.encrypt(
          limb0 - 1, limb1 - borrow1, limb2, limb3, unitBytes, segment, 0, segment, 0, work.length);
      if (!Arrays.equals(
          hex(answer.ciphertext), Arrays.copyOfRange(work, unitBytes, work.length))) {
        return false;
      }
      cipher.decrypt(
          limb0 - 1, limb1 - borrow1, limb2, limb3, unitBytes, segment, 0, segment, 0, work.length);
      return Arrays.equals(work, twice);
    }
  }

  private static boolean comesOut(
      AeadAnswer answer, Function<MemorySegment, AeadCipher> keyedCipher) {
    MemorySegment nonce = MemorySegment.ofArray(hex(answer.nonce));
    MemorySegment associatedData = MemorySegment.ofArray(hex(answer.associatedData));
    byte[] work = hex(answer.plaintext);
    byte[] tag = new byte[AeadMode.TAG_BYTES];
    MemorySegment segment = MemorySegment.ofArray(work);
    MemorySegment tagSegment = MemorySegment.ofArray(tag);
    try (AeadCipher cipher = keyedCipher.apply(MemorySegment.ofArray(hex(answer.key)))) {
      cipher.seal(nonce, associatedData, segment, segment, tagSegment);
      if (!Arrays.equals(work, hex(answer.ciphertext)) || !Arrays.equals(tag, hex(answer.tag))) {
        return false;
      }
      if (!cipher.open(nonce, associatedData, segment, segment, tagSegment)
          || !Arrays.equals(work, hex(answer.plaintext))) {
        return false;
      }
      tag[0] ^= 1;
      return !cipher.open(nonce, associatedData, segment, segment, tagSegment);
    }
  }

  /** The limb of that index, 0 behind the end of {@code iv}. */
  private static long limb(byte[] iv, int index) {
    long limb = 0;
    for (int i = Math.min(8 * index + 8, iv.length) - 1; i >= 8 * index; i--) {
      limb = limb << 8 | iv[i] & 0xff;
    }
    return limb;
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }
}
