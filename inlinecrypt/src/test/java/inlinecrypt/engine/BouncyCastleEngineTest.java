package inlinecrypt.engine;

class BouncyCastleEngineTest extends CipherEngineContract {
  @Override
  CipherEngine engine() {
    return CipherEngine.named("bouncycastle");
  }
}
