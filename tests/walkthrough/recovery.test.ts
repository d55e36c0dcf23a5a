import { testPage } from "./test-page.ts";

testPage("recovery.md");
