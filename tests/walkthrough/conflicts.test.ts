import { testPage } from "./test-page.ts";

testPage("conflicts.md");
