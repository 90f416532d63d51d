import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "react-router";
import { api } from "@/api/client";
import { type ThemeChoice, usePreferences } from "@/ui/preferences";
import { problemText } from "@/ui/states";
import { say } from "@/ui/toast";

export const THEMES: ThemeChoice[] = ["system", "light", "dark"];

/** What everybody chooses for themselves: language, light or dark, and to leave. */
export function useOwnChoices() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const { setLanguage, setTheme } = usePreferences();
  const save = useMutation({
    mutationFn: (change: { language?: string; theme?: ThemeChoice }) => api.patch("/api/me", change),
    onError: (error) => say(problemText(error), { tone: "broken" }),
    onSettled: (_answer, _error, { language }) => language && setLanguage(language),
  });
  const leave = useMutation({
    mutationFn: () => api.post("/api/sign-out"),
    onSettled: () => {
      navigate("/");
      client.clear();
      client.setQueryData(["me"], null);
    },
  });
  return {
    speak: (language: string) => save.mutate({ language }),
    dress: (theme: ThemeChoice) => {
      setTheme(theme);
      save.mutate({ theme });
    },
    leave: () => leave.mutate(),
  };
}
